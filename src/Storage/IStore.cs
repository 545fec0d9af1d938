using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Operations;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Storage;

/// <summary>Where everything that was ever told is kept. One implementation per engine; one contract suite for all.</summary>
/// <remarks>
/// Every append is one transaction, durable when the task completes: that is when a transport may acknowledge.
/// Appending the same again changes nothing. Where an engine fails in a way a user can mend (a lock, a full disk, a newer file)
/// it throws <see cref="Domain.Messages.UserException"/>.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>Records a version of a document (center file, card catalog, calendar). False when the newest version says the same.</summary>
    /// <param name="recompute">Centers whose card-hours follow other rules from this version on: in the same transaction all their time becomes dirty.</param>
    Task<bool> SaveDocumentAsync(DocumentKind kind, string id, string content, IReadOnlyCollection<CenterId> recompute, CancellationToken cancellationToken);

    /// <summary>The version in force at <paramref name="asOf"/>, or null.</summary>
    Task<DocumentVersion?> FindDocumentAsync(DocumentKind kind, string id, long asOf, CancellationToken cancellationToken);

    /// <summary>The version in force of every document of a kind, ordered by id.</summary>
    Task<IReadOnlyList<DocumentVersion>> ListDocumentsAsync(DocumentKind kind, long asOf, CancellationToken cancellationToken);

    /// <summary>Appends samples; marks the time they can change as dirty: <see cref="DirtySpan"/>.</summary>
    Task<AppendReceipt> AppendAsync(CenterId center, SampleBatch samples, SourceNote source, CancellationToken cancellationToken);

    /// <summary>Appends facts; marks the time they can change as dirty: that of their device, or of all where they reach further (a feed's coverage, a slot taken). Requests, counts and meters change no card-hour.</summary>
    Task<AppendReceipt> AppendAsync(CenterId center, FactBatch facts, SourceNote source, CancellationToken cancellationToken);

    /// <summary>The winning view of a center's facts as recorded by <paramref name="asOf"/>.</summary>
    Task<CenterFacts> ReadFactsAsync(CenterId center, long asOf, CancellationToken cancellationToken);

    /// <summary>What of <see cref="ReadFactsAsync(CenterId, long, CancellationToken)"/> can matter to a window: <see cref="CenterFacts.Touching"/>.</summary>
    async Task<CenterFacts> ReadFactsAsync(CenterId center, Window window, long asOf, CancellationToken cancellationToken) =>
        (await ReadFactsAsync(center, asOf, cancellationToken).ConfigureAwait(false)).Touching(window);

    /// <summary>The part of a center's facts that goes on with every batch of samples; the rest changes with records alone.</summary>
    Task<CenterSightings> ReadSightingsAsync(CenterId center, long asOf, CancellationToken cancellationToken);

    /// <summary>Samples of one device inside a window, oldest first: the winning view, whatever is sealed or open.</summary>
    Task<DeviceSamples> ReadSamplesAsync(CenterId center, DeviceId device, Window window, CancellationToken cancellationToken);

    /// <summary>Time whose card-hours are older than what they are made of.</summary>
    Task<IReadOnlyList<DirtySpan>> ReadDirtyAsync(CenterId center, CancellationToken cancellationToken);

    /// <summary>Forgets dirty time before <paramref name="clearedUntil"/> in spans recorded by <paramref name="recordedUpTo"/>; what reaches further stays.</summary>
    Task ClearDirtyAsync(CenterId center, long recordedUpTo, long clearedUntil, CancellationToken cancellationToken);

    /// <summary>What retention has taken of a center, and the marks recorded by <paramref name="asOf"/>.</summary>
    Task<Lapses> ReadLapsesAsync(CenterId center, long asOf, CancellationToken cancellationToken);

    /// <summary>Marks time as not recomputed: facts changed it after its samples were removed.</summary>
    Task MarkNotRecomputedAsync(CenterId center, IReadOnlyList<DirtySpan> spans, CancellationToken cancellationToken);

    /// <summary>Instants, utilization, power and temperature of every device inside a window, device after device, oldest first; memory is empty. What accounting reads.</summary>
    /// <param name="withPower">False: power and temperature are not asked for and are missing.</param>
    Task ReadUseAsync(CenterId center, Window window, bool withPower, Action<DeviceId, DeviceSamples> each, CancellationToken cancellationToken);

    /// <summary>Instants and utilization of every device inside a window, in parts that together are the winning view: for sums over many devices, without a copy.</summary>
    Task ReadUtilizationAsync(CenterId center, Window window, UtilizationPart each, CancellationToken cancellationToken);

    /// <summary>Records card-days as new versions where they differ from the newest one, and with them the roll-ups of their days. One transaction.</summary>
    /// <remarks>The version's recorded time is that of the newest batch in the store, not the time of computing: a report as of then sees it.</remarks>
    /// <param name="fiveMinutes">Pools in steps of five minutes, whole days; a day that is not named keeps what it has.</param>
    Task SaveCardDaysAsync(CenterId center, IReadOnlyList<CardDay> days, IReadOnlyDictionary<DateOnly, ImmutableArray<RollUp>> fiveMinutes, CancellationToken cancellationToken);

    /// <summary>Records what samples say of whole days beside their card-hours, as new versions where they differ from the newest; recorded as <see cref="SaveCardDaysAsync"/> does.</summary>
    Task SaveFindingsAsync(CenterId center, IReadOnlyList<DayFindings> days, CancellationToken cancellationToken);

    /// <summary>Findings of local days [<paramref name="from"/>, <paramref name="until"/>) as recorded by <paramref name="asOf"/>, oldest first. Days without any are left out.</summary>
    Task<IReadOnlyList<DayFindings>> ReadFindingsAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken);

    /// <summary>Busy and known time of every device by hour (its start) and place in local days [<paramref name="from"/>, <paramref name="until"/>), day after day: what a heat map is made of.</summary>
    Task ReadHourUseAsync(CenterId center, DateOnly from, DateOnly until, long asOf, Action<DeviceId, long, HourUse> each, CancellationToken cancellationToken);

    /// <summary>Roll-ups of local days (months: by their first day) in [<paramref name="from"/>, <paramref name="until"/>) as recorded by <paramref name="asOf"/>, oldest first. Days without any are left out.</summary>
    /// <remarks>Always the sums of the card-days recorded by then. Months are kept as of now only.</remarks>
    Task<IReadOnlyList<RollUpDay>> ReadRollUpsAsync(CenterId center, RollUpScope scope, RollUpGrain grain, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken);

    /// <summary>Card-days of local days [<paramref name="from"/>, <paramref name="until"/>) as recorded by <paramref name="asOf"/>, ordered by day and device.</summary>
    Task<IReadOnlyList<CardDay>> ReadCardDaysAsync(CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken);

    /// <summary>What was received, source by source, oldest first.</summary>
    Task<IReadOnlyList<ReceivedNote>> ReadReceivedAsync(CenterId center, long asOf, CancellationToken cancellationToken);

    /// <summary>Rejected rows kept as examples and recorded by <paramref name="asOf"/>, newest first.</summary>
    Task<IReadOnlyList<RejectedRow>> ReadRejectedAsync(CenterId center, long asOf, int atMost, CancellationToken cancellationToken);

    /// <summary>Keeps an issued forecast or report, immutable, by its key. False when the key is taken.</summary>
    Task<bool> KeepIssuedAsync(CenterId center, string key, string content, CancellationToken cancellationToken);

    /// <summary>An issued forecast or report, as recorded by <paramref name="asOf"/>, or null.</summary>
    Task<string?> FindIssuedAsync(CenterId center, string key, long asOf, CancellationToken cancellationToken);

    /// <summary>The keys that begin with <paramref name="prefix"/>, as recorded by <paramref name="asOf"/>, in ordinal order.</summary>
    Task<IReadOnlyList<IssuedNote>> ListIssuedAsync(CenterId center, string prefix, long asOf, CancellationToken cancellationToken);

    /// <summary>A hash of the winning view of everything, without recorded times: equal stores say the same, however they were filled.</summary>
    Task<string> ContentHashAsync(CancellationToken cancellationToken);

    /// <summary>Checks checksums and identities; an empty list means all is well.</summary>
    Task<IReadOnlyList<StoreFault>> VerifyAsync(CancellationToken cancellationToken);
}

/// <summary>A part of one device's samples, oldest first; no instant comes in two parts. The spans hold during the call.</summary>
/// <param name="instants">Unit: microseconds since the Unix epoch.</param>
/// <param name="usePpm">Parts per million, or missing.</param>
public delegate void UtilizationPart(DeviceId device, ReadOnlySpan<long> instants, ReadOnlySpan<int> usePpm);

/// <summary>The roll-ups of one local day, or month by its first day.</summary>
public sealed record RollUpDay(DateOnly Day, ImmutableArray<RollUp> RollUps);

public static class StoreExtensions
{
    private static readonly IReadOnlyDictionary<DateOnly, ImmutableArray<RollUp>> NoSteps = ImmutableDictionary<DateOnly, ImmutableArray<RollUp>>.Empty;

    /// <summary>As <see cref="IStore.SaveDocumentAsync"/>, for a version that changes no card-hour.</summary>
    public static Task<bool> SaveDocumentAsync(this IStore store, DocumentKind kind, string id, string content, CancellationToken cancellationToken) =>
        store.SaveDocumentAsync(kind, id, content, [], cancellationToken);

    /// <summary>As <see cref="IStore.SaveCardDaysAsync"/>, without steps of five minutes.</summary>
    public static Task SaveCardDaysAsync(this IStore store, CenterId center, IReadOnlyList<CardDay> days, CancellationToken cancellationToken) =>
        store.SaveCardDaysAsync(center, days, NoSteps, cancellationToken);
}

public enum DocumentKind
{
    Center,
    CardCatalog,
    Calendar,
}

/// <param name="Recorded">When this version was loaded. Unit: microseconds since the Unix epoch.</param>
public sealed record DocumentVersion(string Id, string Content, long Recorded);

/// <summary>What brought a batch, and what had to be rejected on the way.</summary>
/// <param name="Source">File, target or sender, as the user knows it.</param>
/// <param name="Format">The name of the format.</param>
/// <param name="Simulated">True: everything made from it says SIMULATED.</param>
/// <param name="Rejects">Counts of this batch alone; null when nothing was counted.</param>
public sealed record SourceNote(string Source, string Format, bool Simulated, RejectCounts? Rejects);

/// <summary>What an append did. New + Duplicates + Conflicts = rows (of samples) or facts.</summary>
/// <param name="Recorded">The batch's recorded time; strictly rising in a store. Unit: microseconds since the Unix epoch.</param>
/// <param name="New">Also a gauge filled in where it was missing, and a fact that went on: a job that started or ended, an outage whose end became known.</param>
/// <param name="Conflicts">Rows that met another value at their key; which one won does not depend on the order of arrival.</param>
public sealed record AppendReceipt(long Recorded, long New, long Duplicates, long Conflicts);

/// <param name="Devices">Every device that telemetry ever named, with what it last said of it.</param>
/// <param name="Simulated">True when any source of the center is simulated.</param>
/// <param name="Telemetry">From the first sample to the last; empty when there are none.</param>
public sealed record CenterFacts(
    ImmutableArray<InventoryFact> Inventory,
    ImmutableArray<JobFact> Jobs,
    ImmutableArray<FeedCoverage> Coverage,
    ImmutableArray<SightedDevice> Devices,
    bool Simulated,
    Window Telemetry)
{
    /// <summary>Applications and contracts, by id.</summary>
    public ImmutableArray<RequestFact> Requests { get; init; } = [];

    /// <summary>Devices held for jobs, reservations and contracts, by device.</summary>
    public ImmutableArray<AllocationFact> Allocations { get; init; } = [];

    /// <summary>Devices by number, by hour and tenant.</summary>
    public ImmutableArray<CountFact> Counts { get; init; } = [];

    /// <summary>Readings of energy meters.</summary>
    public ImmutableArray<MeterFact> Meters { get; init; } = [];

    /// <summary>What can matter to a window: all but jobs, counts and readings of another time. What follows from facts about an instant of the window is the same.</summary>
    public CenterFacts Touching(Window window)
    {
        var requested = Requests.Select(request => request.RequestId).ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Jobs = [.. Jobs.Where(job => requested.Contains(job.JobId) || FactTime.Of(job).Overlaps(window))],
            Counts = [.. Counts.Where(count => FactTime.Of(count).Overlaps(window))],
            Meters = [.. Meters.Where(reading => FactTime.Of(reading).Overlaps(window))],
        };
    }
}

/// <summary>What telemetry told of a center; the parameters are those of <see cref="CenterFacts"/>.</summary>
public sealed record CenterSightings(ImmutableArray<SightedDevice> Devices, bool Simulated, Window Telemetry);

/// <param name="FirstSample">Unit: microseconds since the Unix epoch.</param>
public sealed record SightedDevice(DeviceSighting Sighting, long FirstSample, long LastSample);

/// <summary>Time whose card-hours must be computed again.</summary>
/// <param name="Device">Null: every device of the center.</param>
/// <param name="Recorded">Of the newest batch that made it dirty.</param>
public sealed record DirtySpan(DeviceId? Device, Window Window, long Recorded);

/// <summary>One append's bookkeeping, or the sum over a source.</summary>
public sealed record ReceivedNote(
    string Source, string Format, bool Simulated, long Recorded, long Received, long Accepted, ImmutableArray<(RejectReason Reason, long Count)> Rejected, long Duplicates, long Conflicts);

/// <param name="Recorded">When it was kept. Unit: microseconds since the Unix epoch.</param>
public readonly record struct IssuedNote(string Key, long Recorded);

/// <summary>Something in the store that is not as it was written.</summary>
/// <param name="Place">Card and day, table, page.</param>
/// <param name="Detail">What exactly, for who looks into the file; English.</param>
public sealed record StoreFault(string Place, FaultKind Kind, string Detail);

/// <summary>What is wrong, and with it what to do. Texts: <c>Verify.Fault.KIND</c> and <c>Verify.ToDo.KIND</c>.</summary>
public enum FaultKind
{
    /// <summary>Pages of the file.</summary>
    Pages,

    /// <summary>Samples that cannot be read as they were written.</summary>
    Samples,

    /// <summary>A batch that was not packed yet.</summary>
    Staged,

    /// <summary>Card-hours or roll-ups that cannot be read.</summary>
    CardHours,

    /// <summary>Card-hours that can be read and do not add up, or roll-ups that are not their sums.</summary>
    Sums,

    /// <summary>Card-hours that are not those of their samples and facts.</summary>
    Recount,
}
