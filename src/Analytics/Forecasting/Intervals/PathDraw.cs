using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Draws futures: whole stretches of past errors give the order of the paths at each lead, the bands give their values.</summary>
/// <remarks>
/// The Schaake shuffle: Clark, Gangopadhyay, Hay, Rajagopalan and Wilby, Journal of Hydrometeorology 5 (2004). A stretch is turned around by the toss of a coin, as bands are symmetric;
/// a new one begins after half a horizon on average, which mixes more shapes than there are origins; each path is larger or smaller as a whole. Where no errors are known: random walks.
/// </remarks>
internal static class PathDraw
{
    private const int ShapeNoise = 20;

    public static SamplePaths Draw(ReadOnlySpan<double> mean, IWidths widths, PastErrors? past, bool nonNegative, int count, ulong seed)
    {
        var horizon = mean.Length;
        var random = new SplitMix(seed);
        var values = new double[count * horizon];
        var origins = past is null ? [] : Known(past);
        for (var path = 0; path < count; path++)
        {
            var shape = values.AsSpan(path * horizon, horizon);
            if (origins.Length == 0)
            {
                Walk(shape, random);
            }
            else
            {
                Stretch(shape, past!, origins, random, widths);
            }
        }

        Remap(values, mean, widths, count);
        for (var i = 0; i < values.Length && nonNegative; i++)
        {
            values[i] = Math.Max(0, values[i]);
        }

        return new(horizon, values);
    }

    private static int[] Known(PastErrors past)
    {
        var origins = new List<int>();
        for (var origin = 0; origin < past.Origins; origin++)
        {
            var known = 0;
            foreach (var error in past.Of(origin))
            {
                known += double.IsFinite(error) ? 1 : 0;
            }

            if (2 * known > past.Horizon)
            {
                origins.Add(origin);
            }
        }

        return [.. origins];
    }

    private static void Walk(Span<double> shape, SplitMix random)
    {
        var level = 0.0;
        for (var lead = 0; lead < shape.Length; lead++)
        {
            level += random.Normal();
            shape[lead] = level / Math.Sqrt(lead + 1);
        }
    }

    private static void Stretch(Span<double> shape, PastErrors past, int[] origins, SplitMix random, IWidths widths)
    {
        var size = Math.Exp(random.Normal() / 2);
        var (origin, sign, last) = (0, 1, 0.0);
        for (var lead = 0; lead < shape.Length; lead++)
        {
            if (lead == 0 || random.Share() < 2.0 / shape.Length)
            {
                (origin, sign) = (origins[random.Below(origins.Length)], random.Share() < 0.5 ? -1 : 1);
                // A new stretch goes on from the side the path is on; where it begins with what is not known, it may go either way.
                sign = past.Of(origin)[lead] * last * sign < 0 ? -sign : sign;
            }

            var (error, scale) = (past.Of(origin)[lead], widths.ScaleAt(lead));
            last = double.IsFinite(error) && scale > 0 ? sign * size * error / scale : last;
            shape[lead] = last + (random.Normal() / ShapeNoise);
        }
    }

    /// <summary>At each lead the lowest path gets the lowest quantile of the bands, and so on.</summary>
    private static void Remap(double[] values, ReadOnlySpan<double> mean, IWidths widths, int count)
    {
        var offsets = new double[count];
        for (var rank = 0; rank < count; rank++)
        {
            var centered = ((2.0 * rank) + 1 - count) / count;
            offsets[rank] = centered == 0 ? 0 : Math.Sign(centered) * widths.Factor(Math.Abs(centered));
        }

        var (keys, places) = (new double[count], new int[count]);
        for (var lead = 0; lead < mean.Length; lead++)
        {
            for (var path = 0; path < count; path++)
            {
                (keys[path], places[path]) = (values[(path * mean.Length) + lead], path);
            }

            Array.Sort(keys, places);
            var scale = widths.ScaleAt(lead);
            for (var rank = 0; rank < count; rank++)
            {
                values[(places[rank] * mean.Length) + lead] = mean[lead] + (offsets[rank] * scale);
            }
        }
    }
}
