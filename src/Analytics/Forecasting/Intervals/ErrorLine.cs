namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>Sums for a least squares line through absolute errors by lead; sums of origins add up and can be taken away again.</summary>
internal readonly record struct ErrorLine(double Count, double Leads, double LeadSquares, double Errors, double Products)
{
    public static ErrorLine Of(ReadOnlySpan<double> errors)
    {
        var sums = default(ErrorLine);
        for (var lead = 0; lead < errors.Length; lead++)
        {
            if (double.IsFinite(errors[lead]))
            {
                var size = Math.Abs(errors[lead]);
                sums = new(sums.Count + 1, sums.Leads + lead, sums.LeadSquares + ((double)lead * lead), sums.Errors + size, sums.Products + (lead * size));
            }
        }

        return sums;
    }

    /// <param name="sign">1 adds the other, -1 takes it away.</param>
    public ErrorLine With(ErrorLine other, int sign) => new(
        Count + (sign * other.Count), Leads + (sign * other.Leads), LeadSquares + (sign * other.LeadSquares), Errors + (sign * other.Errors), Products + (sign * other.Products));

    /// <summary>It neither falls with the lead nor begins below zero; 0 where there is no error.</summary>
    public Line Fitted()
    {
        var spread = (Count * LeadSquares) - (Leads * Leads);
        var slope = spread > 0 ? Math.Max(0, ((Count * Products) - (Leads * Errors)) / spread) : 0;
        var start = Count > 0 ? (Errors - (slope * Leads)) / Count : 0;
        return start >= 0 ? new(start, slope) : new(0, LeadSquares > 0 ? Products / LeadSquares : 0);
    }

    public readonly record struct Line(double Start, double Slope)
    {
        public double At(int lead) => Start + (Slope * lead);
    }
}
