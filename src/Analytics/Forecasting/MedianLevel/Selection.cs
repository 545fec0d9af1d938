namespace Headroom.Analytics.Forecasting.MedianLevel;

/// <summary>Order statistics without sorting everything.</summary>
/// <remarks>Hoare, Communications of the ACM 4 (1961), algorithm 65.</remarks>
internal static class Selection
{
    private const int Few = 8;

    /// <param name="values">At least one; their order is lost.</param>
    /// <returns>The middle value, or the mean of the two in the middle.</returns>
    public static double Median(Span<double> values)
    {
        if (values.Length <= Few)
        {
            return OfFew(values);
        }

        var upper = values.Length / 2;
        var high = At(values, upper);
        if (values.Length % 2 == 1)
        {
            return high;
        }

        // What stands before the place is not greater.
        var low = values[0];
        foreach (var value in values[1..upper])
        {
            low = Math.Max(low, value);
        }

        return (low + high) / 2;
    }

    /// <summary>By inserting one after the other: quicker than finding pivots.</summary>
    private static double OfFew(Span<double> values)
    {
        for (var i = 1; i < values.Length; i++)
        {
            var (value, place) = (values[i], i);
            for (; place > 0 && values[place - 1] > value; place--)
            {
                values[place] = values[place - 1];
            }

            values[place] = value;
        }

        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static double At(Span<double> values, int rank)
    {
        var (from, until) = (0, values.Length - 1);
        while (from < until)
        {
            var (pivot, left, right) = (values[(from + until) / 2], from, until);
            while (left <= right)
            {
                while (values[left] < pivot)
                {
                    left++;
                }

                while (values[right] > pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    (left, right) = (left + 1, right - 1);
                }
            }

            (from, until) = rank <= right ? (from, right) : rank >= left ? (left, until) : (rank, rank);
        }

        return values[rank];
    }
}
