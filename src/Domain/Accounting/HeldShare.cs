using System.Collections.Immutable;
using Headroom.Domain.Facts;

namespace Headroom.Domain.Accounting;

/// <summary>What one holding really has of a device at an instant.</summary>
/// <param name="Ppm">Above 0, at most what it asked for; the sum over a device never passes 1,000,000.</param>
internal readonly record struct HeldShare(Holding Holding, int Ppm)
{
    /// <summary>Fills <paramref name="into"/> with who has what at an instant; jobs before reservations and contracts, each by start.</summary>
    /// <param name="holdings">Ordered by start.</param>
    /// <param name="end">Becomes the first instant at which that may change, if that is earlier.</param>
    public static void At(ImmutableArray<Holding> holdings, long instant, List<HeldShare> into, ref long end)
    {
        var left = AllocationFact.Whole;
        for (var byScheduler = 1; byScheduler >= 0; byScheduler--)
        {
            foreach (var holding in holdings)
            {
                if (holding.Valid.From > instant)
                {
                    end = Math.Min(end, holding.Valid.From);
                    break;
                }

                if (left > 0 && holding.IsByScheduler == (byScheduler == 1) && holding.Valid.Until > instant)
                {
                    end = Math.Min(end, holding.Valid.Until);
                    var ppm = Math.Min(left, holding.SharePpm);
                    into.Add(new(holding, ppm));
                    left -= ppm;
                }
            }
        }
    }
}
