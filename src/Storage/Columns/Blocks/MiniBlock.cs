using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Headroom.Storage.Columns.Blocks;

/// <summary>How the values of a mini-block are guessed; what is left is coded.</summary>
internal enum Guess : byte
{
    /// <summary>The value before.</summary>
    Previous,

    /// <summary>Half the sum of the two values before, rounded down.</summary>
    MeanOfTwo,

    /// <summary>One number for the whole mini-block: noise around a level.</summary>
    Level,
}

/// <summary>Up to 64 neighbors of a column, with the guess that leaves least and how much it leaves.</summary>
/// <param name="Level">For <see cref="Guess.Level"/>.</param>
/// <param name="Scale">Half octaves of the mean residual x 64; -1: nothing is left.</param>
internal readonly record struct MiniBlock(int Start, int Count, Guess Guess, int Level, int Scale)
{
    public const int Size = 64;

    /// <summary>Above the largest scale of 32-bit residuals.</summary>
    public const int Scales = 80;

    /// <summary>How far a level may move before it is said anew, as a part of the mean residual.</summary>
    private const float Tolerance = 0.3f;

    /// <summary>Range over mean deviation from which the values are taken as spread evenly: their middle is then a steadier level than their mean. Even: 4; normal: about 6.</summary>
    private const float EvenlySpread = 4.7f;

    /// <param name="values">Two more lie before <paramref name="start"/>: they are 0 at the begin of a segment.</param>
    /// <param name="levelBefore">The last level said in the segment.</param>
    public static MiniBlock Of(int[] values, int start, int count, int levelBefore)
    {
        var (previous, meanOfTwo) = (0f, 0f);
        var (least, most, sum) = (int.MaxValue, int.MinValue, 0L);
        var i = start;
        if (count >= Vector256<int>.Count)
        {
            var (previousSums, meanSums, lows, highs, total) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256.Create(int.MaxValue), Vector256.Create(int.MinValue), Vector256<long>.Zero);
            for (; i + Vector256<int>.Count <= start + count; i += Vector256<int>.Count)
            {
                var (value, one, two) = (Load(values, i), Load(values, i - 1), Load(values, i - 2));
                lows = Vector256.Min(lows, value);
                highs = Vector256.Max(highs, value);
                var (lower, upper) = Vector256.Widen(value);
                total += lower + upper;
                previousSums += Vector256.ConvertToSingle(Vector256.Abs(value - one));
                meanSums += Vector256.ConvertToSingle(Vector256.Abs(value - Vector256.ShiftRightArithmetic(one + two, 1)));
            }

            (previous, meanOfTwo, sum) = (Vector256.Sum(previousSums), Vector256.Sum(meanSums), Vector256.Sum(total));
            for (var lane = 0; lane < Vector256<int>.Count; lane++)
            {
                (least, most) = (Math.Min(least, lows[lane]), Math.Max(most, highs[lane]));
            }
        }

        for (; i < start + count; i++)
        {
            (least, most) = (Math.Min(least, values[i]), Math.Max(most, values[i]));
            sum += values[i];
            previous += Math.Abs(values[i] - values[i - 1]);
            meanOfTwo += Math.Abs(values[i] - ((values[i - 1] + values[i - 2]) >> 1));
        }

        if (previous == 0)
        {
            return new(start, count, Guess.Previous, 0, -1);
        }

        var mean = (int)Math.Round((double)sum / count);
        var spread = Spread(values, start, count, mean);
        var level = (long)most - least < EvenlySpread * spread / count ? (int)(((long)least + most) >> 1) : mean;
        if (Math.Abs((long)level - levelBefore) <= Tolerance * spread / count)
        {
            level = levelBefore;
        }

        var around = level == mean ? spread : Spread(values, start, count, level);
        var best = Math.Min(previous, meanOfTwo);
        return around + 1 < best ? new(start, count, Guess.Level, level, ScaleOf(around, count))
            : previous <= meanOfTwo ? new(start, count, Guess.Previous, 0, ScaleOf(previous, count))
            : new(start, count, Guess.MeanOfTwo, 0, ScaleOf(meanOfTwo, count));
    }

    // Sum of distances from a level.
    private static float Spread(int[] values, int start, int count, int level)
    {
        var sum = 0f;
        var i = start;
        if (count >= Vector256<int>.Count)
        {
            var (sums, center) = (Vector256<float>.Zero, Vector256.Create(level));
            for (; i + Vector256<int>.Count <= start + count; i += Vector256<int>.Count)
            {
                sums += Vector256.ConvertToSingle(Vector256.Abs(Load(values, i) - center));
            }

            sum = Vector256.Sum(sums);
        }

        for (; i < start + count; i++)
        {
            sum += Math.Abs(values[i] - level);
        }

        return sum;
    }

    // floor(2 log2 x) from the bits of a float.
    private static int ScaleOf(float sum, int count)
    {
        if (sum == 0)
        {
            return -1;
        }

        var bits = BitConverter.SingleToInt32Bits(sum * Size / count);
        return (2 * ((bits >> 23) - 127)) + ((bits & 0x7FFFFF) >= 0x3504F3 ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(int[] values, int at) => Vector256.LoadUnsafe(ref values[at]);
}
