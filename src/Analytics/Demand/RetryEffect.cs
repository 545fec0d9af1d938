namespace Headroom.Analytics.Demand;

/// <summary>What it changes that a job submitted again under another id is one demand with the one before.</summary>
/// <param name="Retries">Jobs that were submitted again.</param>
/// <param name="MeanApart">Mean latent demand if each of them were a demand of its own. Unit: devices. Null: it would be no estimate.</param>
public readonly record struct RetryEffect(int Retries, double? MeanApart)
{
    /// <returns>Null: no job was submitted again, or nobody could tell.</returns>
    public static RetryEffect? Of(DemandInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Retries == 0 ? null : new(input.Retries, LatentDemand.Of(input with { Episodes = input.Apart, Horizon = 0 }) is DemandAnswer.Estimate apart ? apart.Series.Mean : null);
    }
}
