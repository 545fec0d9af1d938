using System.Collections.Immutable;

namespace Headroom.Domain.Accounting;

/// <summary>Samples whose utilization, cut to whole percent, is <paramref name="Percent"/>.</summary>
/// <param name="Percent">0 to 100.</param>
public readonly record struct UseCount(byte Percent, int Samples);

/// <summary>How often utilization was where, by whole percent. Distributions of any devices and hours add up; quantiles are exact where the gauge shows whole percent.</summary>
public sealed class UseDistribution : IEquatable<UseDistribution>
{
    public const int Bins = 101;

    private const int PpmPerBin = 10_000;

    private UseDistribution(ImmutableArray<UseCount> counts) => Counts = counts;

    /// <summary>No samples.</summary>
    public static UseDistribution None { get; } = new([]);

    /// <summary>Bins that hold samples, by rising percent.</summary>
    public ImmutableArray<UseCount> Counts { get; }

    public static int BinOf(int usePpm) => usePpm / PpmPerBin;

    /// <param name="counts">Samples per whole percent, <see cref="Bins"/> of them.</param>
    public static UseDistribution Of(ReadOnlySpan<int> counts)
    {
        var filled = counts.Length - counts.Count(0);
        if (filled == 0)
        {
            return None;
        }

        var bins = ImmutableArray.CreateBuilder<UseCount>(filled);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            if (counts[bin] != 0)
            {
                bins.Add(new((byte)bin, counts[bin]));
            }
        }

        return new(bins.MoveToImmutable());
    }

    public void AddTo(Span<int> counts)
    {
        foreach (var (percent, samples) in Counts)
        {
            counts[percent] += samples;
        }
    }

    /// <summary>The least whole percent that at least a share of the samples does not pass: nearest rank. Null without samples.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public int? Quantile(double share)
    {
        var total = 0L;
        foreach (var bin in Counts)
        {
            total += bin.Samples;
        }

        var (rank, seen) = ((long)Math.Ceiling(share * total), 0L);
        foreach (var bin in Counts)
        {
            seen += bin.Samples;
            if (seen >= rank)
            {
                return bin.Percent;
            }
        }

        return null;
    }

    public bool Equals(UseDistribution? other) => other is not null && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as UseDistribution);

    public override int GetHashCode() => Counts.Length == 0 ? 0 : HashCode.Combine(Counts.Length, Counts[0], Counts[^1]);
}
