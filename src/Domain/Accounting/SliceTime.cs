using Headroom.Domain.Devices;
using Headroom.Domain.Facts;

namespace Headroom.Domain.Accounting;

/// <summary>Time by use. Unit: microseconds.</summary>
internal readonly record struct UseTime(long Busy, long Idle, long Unknown)
{
    public static UseTime operator -(UseTime left, UseTime right) => new(left.Busy - right.Busy, left.Idle - right.Idle, left.Unknown - right.Unknown);
}

/// <summary>The time of a device that several hold, or one in part.</summary>
/// <remarks>
/// What is busy belongs to what is held, as far as that goes: a slice nobody holds runs nothing. Among holders it is shared by their slices, since a card has one gauge.
/// Exact and additive: within the span of one sample everything is a share of whole microseconds counted from the span's start, rounded down, what is left going to the next holder.
/// </remarks>
internal sealed class SliceTime(UseCurve curve)
{
    private readonly List<UsePiece> _pieces = [];

    /// <param name="rest">The first of the three cells of what nobody holds.</param>
    /// <param name="each">Told of each holder's part; null: nobody asks.</param>
    public void Add(Time.Window window, List<HeldShare> held, Cell rest, Span<long> cells, Action<TenantId, UseTime>? each)
    {
        var allocated = held.Sum(share => share.Ppm);
        curve.Pieces(window, _pieces);
        foreach (var piece in _pieces)
        {
            var (from, until) = (Ticks(piece, piece.From), Ticks(piece, piece.Until));
            var (heldFrom, heldUntil) = (Held(piece, from, allocated), Held(piece, until, allocated));
            Add(cells, Cell.AllocatedBusy, heldUntil - heldFrom);
            Add(cells, rest, until - from - (heldUntil - heldFrom));
            if (each is not null)
            {
                Share(held, allocated, heldFrom, heldUntil, each);
            }
        }
    }

    private static void Add(Span<long> cells, Cell first, UseTime time)
    {
        cells[(int)first] += time.Busy;
        cells[(int)first + 1] += time.Idle;
        cells[(int)first + 2] += time.Unknown;
    }

    // Time since the span began, by use; of a gap since the epoch.
    private static UseTime Ticks(in UsePiece piece, long instant)
    {
        if (piece.UsePpm is not { } use)
        {
            return new(0, 0, instant);
        }

        var busy = use * (instant - piece.SpanStart) / 1_000_000;
        return new(busy, instant - piece.SpanStart - busy, 0);
    }

    private static UseTime Held(in UsePiece piece, in UseTime whole, int allocated)
    {
        if (piece.UsePpm is not { } use)
        {
            return new(0, 0, Part(whole.Unknown, allocated, AllocationFact.Whole));
        }

        var busy = Math.Min(use, allocated);
        return new(Part(whole.Busy, busy, use), Part(whole.Idle, allocated - busy, AllocationFact.Whole - use), 0);
    }

    private static void Share(List<HeldShare> held, int allocated, UseTime from, UseTime until, Action<TenantId, UseTime> each)
    {
        foreach (var share in held)
        {
            var (partFrom, partUntil) = (Part(from, share.Ppm, allocated), Part(until, share.Ppm, allocated));
            each(share.Holding.Tenant, partUntil - partFrom);
            (from, until, allocated) = (from - partFrom, until - partUntil, allocated - share.Ppm);
        }
    }

    private static UseTime Part(in UseTime time, int part, int whole) => new(Part(time.Busy, part, whole), Part(time.Idle, part, whole), Part(time.Unknown, part, whole));

    // Rounded down; instants before the epoch as well.
    private static long Part(long time, int part, int whole)
    {
        if (part >= whole || part == 0)
        {
            return part == 0 ? 0 : time;
        }

        var (quotient, remainder) = Int128.DivRem((Int128)time * part, whole);
        return (long)(remainder < 0 ? quotient - 1 : quotient);
    }
}
