using System.Numerics;
using System.Runtime.CompilerServices;

namespace Headroom.Storage.Columns;

/// <summary>How the next value of a column is guessed from those before it; what is left is Rice coded.</summary>
internal enum Predictor
{
    /// <summary>The least value of the column: noise without memory.</summary>
    Least,

    /// <summary>The value before.</summary>
    Previous,

    /// <summary>The line through the two values before: regular instants.</summary>
    Line,

    /// <summary>The mean of the four values before: noise around something that moves.</summary>
    MeanOfFour,
}

/// <summary>One column of integers, lossless: predictor, base, common divisor, then the residuals.</summary>
/// <remarks>Layout: docs/storage-format.md, "A column".</remarks>
internal static class ColumnCodec
{
    private const int Predictors = 4;
    private const int TrialValues = 1_024;
    private const int TrialRun = 64;

    /// <param name="scratch">At least as long as <paramref name="values"/>; overwritten.</param>
    public static void Encode(ReadOnlySpan<long> values, Span<ulong> scratch, ByteWriter into)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var divisor = CommonDivisor(values, out var least);
        if (divisor == 0)
        {
            into.Byte((byte)Predictor.Least);
            into.ZigZag(least);
            into.Varint(0UL);
            return;
        }

        var residuals = scratch[..values.Length];
        Scale(values, least, divisor, residuals);
        var predictor = Choose(residuals);
        into.Byte((byte)predictor);
        into.ZigZag(least);
        into.Varint(divisor);
        Predict(predictor, residuals);
        RiceCoder.Encode(residuals, into);
    }

    /// <summary>Fills <paramref name="values"/> from a column of as many values.</summary>
    /// <exception cref="DamagedException">The bytes are no column.</exception>
    public static void Decode(ReadOnlySpan<byte> bytes, Span<long> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var reader = new ByteReader(bytes);
        var predictor = reader.Byte();
        var least = reader.ZigZag();
        var divisor = reader.Varint();
        if (predictor >= Predictors)
        {
            throw new DamagedException($"predictor {predictor} is unknown");
        }

        if (divisor == 0)
        {
            values.Fill(least);
            return;
        }

        var residuals = System.Runtime.InteropServices.MemoryMarshal.Cast<long, ulong>(values);
        RiceCoder.Decode(bytes[reader.Position..], residuals);
        Restore((Predictor)predictor, values, least, (long)divisor);
    }

    // The greatest common divisor of the distances; 0 when all values are equal.
    private static ulong CommonDivisor(ReadOnlySpan<long> values, out long least)
    {
        least = values[0];
        var first = values[0];
        var quotients = new Quotients(0);
        var i = 1;
        for (; i < values.Length && quotients.Divisor != 1; i++)
        {
            var value = values[i];
            least = Math.Min(least, value);
            var distance = value > first ? (ulong)value - (ulong)first : (ulong)first - (ulong)value;
            if (distance != 0 && (quotients.Divisor == 0 || !quotients.TryDivide(distance, out _)))
            {
                quotients = new(GreatestCommonDivisor(distance, quotients.Divisor));
            }
        }

        for (; i < values.Length; i++)
        {
            least = Math.Min(least, values[i]);
        }

        return quotients.Divisor;
    }

    private static ulong GreatestCommonDivisor(ulong left, ulong right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }

    private static void Scale(ReadOnlySpan<long> values, long least, ulong divisor, Span<ulong> scaled)
    {
        if (divisor == 1)
        {
            for (var i = 0; i < values.Length; i++)
            {
                scaled[i] = (ulong)values[i] - (ulong)least;
            }

            return;
        }

        var quotients = new Quotients(divisor);
        for (var i = 0; i < values.Length; i++)
        {
            quotients.TryDivide((ulong)values[i] - (ulong)least, out scaled[i]);
        }
    }

    /// <summary>Exact division by one divisor again and again: a product with its reciprocal, right wherever the quotient is below 2^50.</summary>
    private readonly struct Quotients(ulong divisor)
    {
        private const ulong Exact = 1UL << 50;
        private readonly double _reciprocal = 1.0 / divisor;

        public ulong Divisor => divisor;

        /// <summary>True when the value is a multiple, with its quotient.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryDivide(ulong value, out ulong quotient)
        {
            quotient = value < Exact ? (ulong)(long)(((long)value * _reciprocal) + 0.5) : value / divisor;
            return quotient * divisor == value;
        }
    }

    // Bits needed by each predictor over runs spread through the column.
    private static Predictor Choose(ReadOnlySpan<ulong> scaled)
    {
        Span<long> bits = stackalloc long[Predictors];
        bits.Clear();
        var step = Math.Max(TrialRun, scaled.Length / (TrialValues / TrialRun));
        for (var start = 0; start < scaled.Length; start += step)
        {
            var end = Math.Min(start + TrialRun, scaled.Length);
            for (var i = Math.Max(start, 4); i < end; i++)
            {
                var (value, before) = ((long)scaled[i], (long)scaled[i - 1]);
                var line = (2 * before) - (long)scaled[i - 2];
                var mean = (before + (long)scaled[i - 2] + (long)scaled[i - 3] + (long)scaled[i - 4]) >> 2;
                bits[(int)Predictor.Least] += Bits((ulong)value);
                bits[(int)Predictor.Previous] += Bits(ZigZag.Encode(value - before));
                bits[(int)Predictor.Line] += Bits(ZigZag.Encode(value - line));
                bits[(int)Predictor.MeanOfFour] += Bits(ZigZag.Encode(value - mean));
            }
        }

        var best = Predictor.Previous;
        for (var predictor = 0; predictor < Predictors; predictor++)
        {
            best = bits[predictor] < bits[(int)best] ? (Predictor)predictor : best;
        }

        return best;
    }

    private static int Bits(ulong value) => 64 - BitOperations.LeadingZeroCount(value);

    private static void Predict(Predictor predictor, Span<ulong> values)
    {
        var (a, b, c, d) = (0L, 0L, 0L, 0L);
        switch (predictor)
        {
            case Predictor.Previous:
                for (var i = 0; i < values.Length; i++)
                {
                    var value = (long)values[i];
                    values[i] = ZigZag.Encode(value - a);
                    a = value;
                }

                break;
            case Predictor.Line:
                for (var i = 0; i < values.Length; i++)
                {
                    var value = (long)values[i];
                    values[i] = ZigZag.Encode(value - ((2 * a) - b));
                    (a, b) = (value, a);
                }

                break;
            case Predictor.MeanOfFour:
                for (var i = 0; i < values.Length; i++)
                {
                    var value = (long)values[i];
                    values[i] = ZigZag.Encode(value - ((a + b + c + d) >> 2));
                    (a, b, c, d) = (value, a, b, c);
                }

                break;
            case Predictor.Least:
            default:
                break;
        }
    }

    private static void Restore(Predictor predictor, Span<long> values, long least, long divisor)
    {
        var (a, b, c, d) = (0L, 0L, 0L, 0L);
        switch (predictor)
        {
            case Predictor.Previous:
                for (var i = 0; i < values.Length; i++)
                {
                    a += ZigZag.Decode((ulong)values[i]);
                    values[i] = least + (a * divisor);
                }

                break;
            case Predictor.Line:
                for (var i = 0; i < values.Length; i++)
                {
                    (a, b) = (ZigZag.Decode((ulong)values[i]) + (2 * a) - b, a);
                    values[i] = least + (a * divisor);
                }

                break;
            case Predictor.MeanOfFour:
                for (var i = 0; i < values.Length; i++)
                {
                    (a, b, c, d) = (ZigZag.Decode((ulong)values[i]) + ((a + b + c + d) >> 2), a, b, c);
                    values[i] = least + (a * divisor);
                }

                break;
            case Predictor.Least:
            default:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = least + (values[i] * divisor);
                }

                break;
        }
    }
}
