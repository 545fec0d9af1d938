using Headroom.Domain.Devices;

namespace Headroom.Domain.Facts;

/// <summary>What a person decided of cards that did not fit.</summary>
public enum Settlement
{
    /// <summary>The decision is taken back: the question is open again.</summary>
    Undone,

    /// <summary>One host holds the card. What others tell by its name is kept apart, as <c>CARD@HOST</c>, and is no card.</summary>
    OnHost,

    /// <summary>Two cards go by one name. One host keeps it; those of other hosts are cards of their own, <c>CARD@HOST</c>.</summary>
    TwoCards,

    /// <summary>Two names of one card: the time of the first ends where that of the other begins.</summary>
    SameCard,

    /// <summary>Two cards, although they seem to be in one place or to have one name: both count.</summary>
    ApartCards,
}

/// <summary>One settled question, dated. It is open again after <see cref="Settlement.Undone"/>.</summary>
/// <param name="Other">The other card of a pair; null: the question is which host the card is on.</param>
/// <param name="Host">Who holds the card, or keeps its name; null with pairs.</param>
/// <param name="From">Since when names are by this decision: samples from before stay as they came. Unit: microseconds since the Unix epoch.</param>
/// <param name="Note">Why, as the person wrote it; null: not said.</param>
public sealed record SettlementFact(DeviceId Device, DeviceId? Other, Settlement Decision, string? Host, long From, string? Note)
{
    /// <summary>The number of the decision on this question: the last one counts.</summary>
    public int Revision { get; init; }

    public bool Holds => Decision != Settlement.Undone;

    /// <summary>Whether it is about these two, in whatever order.</summary>
    public bool IsAbout(DeviceId one, DeviceId other) => (Device == one && Other == other) || (Device == other && Other == one);

    /// <summary>What samples of a card are called when they come from a host that does not keep its name.</summary>
    public static string NameOn(string device, string host) => $"{device}@{host}";
}
