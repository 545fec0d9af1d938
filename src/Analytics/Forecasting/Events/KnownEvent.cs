namespace Headroom.Analytics.Forecasting.Events;

/// <summary>Something in the ledger that will move a series and that its history cannot know: an opening that lets waiting work in, a tenant who arrives or leaves.</summary>
/// <param name="AtMicros">When it begins. Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Amount">What it adds once it is in full swing, in the unit of the series; below zero for what leaves.</param>
public sealed record KnownEvent(string What, long AtMicros, double Amount)
{
    public const string OpeningName = "opening";
    public const string ArrivalName = "arrival";
    public const string DepartureName = "departure";

    /// <summary>That it happens at all, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Steps of the series after which 95 % of the amount is there; 1 or more. The way there is 1 - e^(-3 t / steps).</summary>
    public int RampSteps { get; init; } = 24;

    /// <summary>Standard deviation of the amount, as a share of it.</summary>
    public double Uncertainty { get; init; } = 0.2;

    /// <summary>A phase that opens lets in what waits, as far as it has room: min(backlog, added capacity). Demand itself is not capped by it.</summary>
    public static KnownEvent Opening(long atMicros, double addedCapacity, double backlog) => new(OpeningName, atMicros, Math.Min(backlog, addedCapacity));

    /// <summary>How much of the amount is there this many steps after the beginning, 0 to 1; the first step is 1.</summary>
    internal double ShareAfter(long steps) => steps < 1 ? 0 : 1 - Math.Exp(-3.0 * steps / Math.Max(1, RampSteps));
}
