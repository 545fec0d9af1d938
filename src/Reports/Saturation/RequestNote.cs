using Headroom.Domain.Centers;

namespace Headroom.Reports.Saturation;

/// <summary>One application as the report lists it.</summary>
/// <param name="Tenant">Its name, else its id in both languages.</param>
/// <param name="Day">Local day from which it wants its devices; of one that was lost, the day of the decision.</param>
/// <param name="Probability">That it comes, 0 to 1; null: it was lost.</param>
/// <param name="IsGiven">False: nobody gave the probability, and the share granted so far stands in for it.</param>
/// <param name="Reason">Why it was lost, as it was written; null: nobody said, or it was not lost.</param>
public sealed record RequestNote(string Id, LocalText Tenant, int Devices, DateOnly Day, double? Probability, bool IsGiven, string? Reason);
