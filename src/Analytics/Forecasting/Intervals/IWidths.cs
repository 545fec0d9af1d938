namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>How wide bands are: half-width = factor of the level x scale of the lead.</summary>
internal interface IWidths
{
    BandBasis Basis { get; }

    /// <param name="level">In (0, 1); a higher level has no lower factor.</param>
    double Factor(double level);

    /// <param name="lead">0 is the first step ahead. Unit: that of the history.</param>
    double ScaleAt(int lead);
}
