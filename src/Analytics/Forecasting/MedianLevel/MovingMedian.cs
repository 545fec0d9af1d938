using System.Numerics;

namespace Headroom.Analytics.Forecasting.MedianLevel;

/// <summary>Medians of many stretches of the same values: they are sorted once, and a stretch is the set of the ranks of its values.</summary>
/// <remarks>The set moves with the stretch; a middle value is found by counting set bits.</remarks>
internal sealed class MovingMedian
{
    private const int Bits = 64;

    private readonly double[] _sorted;
    private readonly int[] _rankOf;
    private readonly ulong[] _held;
    private int _from;
    private int _until;

    /// <param name="values">All known.</param>
    public MovingMedian(double[] values)
    {
        _sorted = (double[])values.Clone();
        var places = new int[values.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        Array.Sort(_sorted, places);
        _rankOf = new int[values.Length];
        for (var rank = 0; rank < places.Length; rank++)
        {
            _rankOf[places[rank]] = rank;
        }

        _held = new ulong[(values.Length / Bits) + 1];
    }

    /// <summary>The middle value of a stretch, or the mean of the two in the middle.</summary>
    /// <param name="until">The place after the last; above <paramref name="from"/>.</param>
    public double Of(int from, int until)
    {
        if (from >= _until || until <= _from)
        {
            Array.Clear(_held);
            (_from, _until) = (from, from);
        }

        for (; _from < from; _from++)
        {
            Turn(_from);
        }

        for (; _from > from; _from--)
        {
            Turn(_from - 1);
        }

        for (; _until < until; _until++)
        {
            Turn(_until);
        }

        for (; _until > until; _until--)
        {
            Turn(_until - 1);
        }

        var count = until - from;
        var upper = ValueAt(count / 2);
        return count % 2 == 1 ? upper : (ValueAt((count / 2) - 1) + upper) / 2;
    }

    /// <summary>Takes a place into the set, or out of it.</summary>
    private void Turn(int place) => _held[_rankOf[place] / Bits] ^= 1UL << (_rankOf[place] % Bits);

    /// <summary>The value that so many of the set come before.</summary>
    private double ValueAt(int before)
    {
        var word = 0;
        for (var here = BitOperations.PopCount(_held[0]); here <= before; here = BitOperations.PopCount(_held[++word]))
        {
            before -= here;
        }

        var bits = _held[word];
        for (; before > 0; before--)
        {
            bits &= bits - 1;
        }

        return _sorted[(word * Bits) + BitOperations.TrailingZeroCount(bits)];
    }
}
