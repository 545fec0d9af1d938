using System.Numerics;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>Values of a gauge as small whole numbers: distances from the least in steps of what they all divide by, less what follows from utilization.</summary>
internal static class GaugeScale
{
    /// <summary>Values further apart are not packed.</summary>
    public const int MostScaled = 1 << 28;

    /// <summary>A slope is in 1 / 2^24 scaled steps per part per million.</summary>
    public const int SlopeBits = 24;

    /// <summary>What a gauge owes to utilization, in scaled steps; nothing where utilization is missing.</summary>
    public static int Term(long slope, int usePpm) => usePpm < 0 ? 0 : (int)((slope * usePpm) >> SlopeBits);

    /// <summary>The slope of a straight line through (utilization, gauge); 0 where following it does not make neighbors more alike.</summary>
    public static long Slope(ReadOnlySpan<int> scaled, ReadOnlySpan<int> use)
    {
        var (n, sumUse, sumGauge, squares, products) = (0L, 0.0, 0.0, 0.0, 0.0);
        var step = Math.Max(1, scaled.Length / 2_048);
        for (var i = 0; i < scaled.Length; i += step)
        {
            double x = use[i];
            if (x >= 0)
            {
                n++;
                sumUse += x;
                sumGauge += scaled[i];
                squares += x * x;
                products += x * scaled[i];
            }
        }

        var spread = (n * squares) - (sumUse * sumUse);
        if (n < 16 || spread <= 0)
        {
            return 0;
        }

        var slope = (long)Math.Round(((n * products) - (sumUse * sumGauge)) / spread * (1L << SlopeBits));
        if (slope == 0 || Math.Abs(slope) > 1L << 36)
        {
            return 0;
        }

        var (without, with) = (0L, 0L);
        for (var i = 1; i < scaled.Length; i += step)
        {
            var change = (long)scaled[i] - scaled[i - 1];
            without += Math.Abs(change);
            with += Math.Abs(change - (Term(slope, use[i]) - Term(slope, use[i - 1])));
        }

        return with * 32 < without * 31 && Math.Abs(slope >> 4) * 1_000_000 >> (SlopeBits - 4) < MostScaled ? slope : 0;
    }

    /// <summary>The least value and the largest.</summary>
    public static (int Least, int Most) Bounds(ReadOnlySpan<int> values)
    {
        var (least, most) = (int.MaxValue, int.MinValue);
        var i = 0;
        if (values.Length >= 2 * Vector<int>.Count)
        {
            var lows = new Vector<int>(values);
            var highs = lows;
            for (; i + Vector<int>.Count <= values.Length; i += Vector<int>.Count)
            {
                var next = new Vector<int>(values[i..]);
                (lows, highs) = (Vector.Min(lows, next), Vector.Max(highs, next));
            }

            for (var lane = 0; lane < Vector<int>.Count; lane++)
            {
                (least, most) = (Math.Min(least, lows[lane]), Math.Max(most, highs[lane]));
            }
        }

        for (; i < values.Length; i++)
        {
            (least, most) = (Math.Min(least, values[i]), Math.Max(most, values[i]));
        }

        return (least, most);
    }

    /// <summary>Distances from the least value in steps of a divisor; false where one is no whole number of steps.</summary>
    /// <remarks>A product with the reciprocal, made exact: the quotient of a multiple below 2^31 is right to far less than one half.</remarks>
    public static bool TryScale(ReadOnlySpan<int> values, int least, int divisor, Span<int> scaled)
    {
        var rest = 0;
        if (divisor == 1)
        {
            for (var i = 0; i < values.Length; i++)
            {
                scaled[i] = values[i] - least;
            }

            return true;
        }

        var reciprocal = 1.0 / divisor;
        for (var i = 0; i < values.Length; i++)
        {
            var distance = values[i] - least;
            var quotient = (int)((distance * reciprocal) + 0.5);
            scaled[i] = quotient;
            rest |= (quotient * divisor) ^ distance;
        }

        return rest == 0;
    }

    /// <summary>The greatest common divisor of all distances from the least value.</summary>
    public static int Divisor(ReadOnlySpan<int> values, int least)
    {
        var divisor = 0;
        foreach (var value in values)
        {
            var (left, right) = (value - least, divisor);
            while (right != 0)
            {
                (left, right) = (right, left % right);
            }

            divisor = left;
            if (divisor == 1)
            {
                break;
            }
        }

        return divisor;
    }
}
