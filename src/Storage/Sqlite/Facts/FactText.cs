using System.Text.Json;
using System.Text.Json.Serialization;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>The tables of facts by number; a new kind takes the next.</summary>
internal enum FactKind
{
    Inventory = 0,
    Job = 1,
    Coverage = 2,
    Request = 3,
    Allocation = 4,
    Count = 5,
    Meter = 6,
    Settlement = 7,
}

/// <summary>A fact as it is stored: its key, its place among others of the key, and its canonical content.</summary>
/// <param name="Rank">Of two of one revision the higher wins: a job's or request's progress, an inventory fact or allocation whose end is known.</param>
/// <param name="Content">Canonical JSON: equal facts have equal text.</param>
internal sealed record FactText(FactKind Kind, string Key, int Revision, int Rank, string Content)
{
    /// <summary>Whether this one wins over another of its key: revision, then rank, then the content that is larger in UTF-8 order.</summary>
    public bool Beats(FactText other) =>
        (Revision, Rank).CompareTo((other.Revision, other.Rank)) is var order && order != 0
            ? order > 0
            : System.Text.Encoding.UTF8.GetBytes(Content).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(other.Content)) > 0;

    public static FactText Of(InventoryFact fact) => new(
        FactKind.Inventory,
        Json(new object[] { fact.Device.Value, EventName(fact.Event), fact.Valid.From }),
        fact.Revision,
        fact.Valid.Until == Instants.Never ? 0 : 1,
        JsonSerializer.Serialize(
            new InventoryContent(fact.Device.Value, EventName(fact.Event), fact.Valid.From, Until(fact.Valid), fact.Host, fact.Slot, fact.Model, fact.Pool?.Value, fact.Reason, fact.Revision),
            FactJson.Default.InventoryContent));

    public static FactText Of(JobFact job) => new(
        FactKind.Job,
        Json(new object[] { job.Cluster, job.JobId, job.Submitted }),
        job.Revision,
        job.Progress,
        JsonSerializer.Serialize(
            new JobContent(
                job.Name,
                job.Cluster,
                job.JobId,
                job.Tenant.Value,
                job.Submitted,
                job.Eligible,
                job.Started,
                job.Ended,
                job.Devices,
                job.State,
                job.Pool?.Value,
                job.Model,
                job.DeviceIds.IsDefaultOrEmpty ? null : [.. job.DeviceIds.Select(device => device.Value)],
                job.Priority,
                job.Preemptible,
                job.Requested,
                job.AttemptOf,
                job.Revision,
                job.Precision),
            FactJson.Default.JobContent));

    public static FactText Of(FeedCoverage coverage) => new(
        FactKind.Coverage,
        Json(new object[] { coverage.Feed, coverage.Valid.From, coverage.Valid.Until }),
        0,
        0,
        JsonSerializer.Serialize(new CoverageContent(coverage.Feed, coverage.Valid.From, Until(coverage.Valid)), FactJson.Default.CoverageContent));

    public static FactText Of(RequestFact request) => new(
        FactKind.Request,
        Json([request.RequestId]),
        request.Revision,
        request.Progress,
        JsonSerializer.Serialize(
            new RequestContent(
                request.RequestId,
                request.Tenant.Value,
                request.Pool?.Value,
                request.Devices,
                request.Submitted,
                request.WantedFrom,
                request.WantedTo,
                request.State,
                request.Decided,
                request.Reason,
                request.Probability,
                request.Model,
                request.Gang,
                request.Priority,
                request.Kind,
                request.Applicant,
                request.Revision),
            FactJson.Default.RequestContent));

    public static FactText Of(AllocationFact fact) => new(
        FactKind.Allocation,
        Json([fact.Device.Value, Word(fact.Kind), fact.Valid.From, fact.Tenant.Value, fact.JobId ?? ""]),
        fact.Revision,
        fact.Valid.Until == Instants.Never ? 0 : 1,
        JsonSerializer.Serialize(
            new AllocationContent(fact.Device.Value, fact.Valid.From, Until(fact.Valid), fact.Tenant.Value, fact.JobId, Word(fact.Kind), fact.SharePpm, fact.Revision),
            FactJson.Default.AllocationContent));

    public static FactText Of(CountFact fact) => new(
        FactKind.Count,
        Json([fact.Hour, fact.Tenant.Value, fact.Pool?.Value ?? ""]),
        fact.Revision,
        0,
        JsonSerializer.Serialize(
            new CountContent(fact.Hour, fact.Tenant.Value, fact.Pool?.Value, fact.Installed, fact.Allocated, fact.Queued, fact.Revision), FactJson.Default.CountContent));

    public static FactText Of(MeterFact fact) => new(
        FactKind.Meter,
        Json([fact.Meter, Word(fact.Scope), fact.Valid.From, fact.Valid.Until]),
        fact.Revision,
        0,
        JsonSerializer.Serialize(
            new MeterContent(fact.Meter, Word(fact.Scope), fact.Valid.From, fact.Valid.Until, fact.Millijoules, fact.Revision), FactJson.Default.MeterContent));

    // A pair is one question, whichever of the two is named first.
    public static FactText Of(SettlementFact fact) => new(
        FactKind.Settlement,
        Json(fact.Other is { } other && string.CompareOrdinal(other.Value, fact.Device.Value) < 0 ? [other.Value, fact.Device.Value] : [fact.Device.Value, fact.Other?.Value ?? ""]),
        fact.Revision,
        0,
        JsonSerializer.Serialize(
            new SettlementContent(fact.Device.Value, fact.Other?.Value, Word(fact.Decision), fact.Host, fact.From, fact.Note, fact.Revision), FactJson.Default.SettlementContent));

    public static SettlementFact ToSettlement(string content)
    {
        var fact = JsonSerializer.Deserialize(content, FactJson.Default.SettlementContent)!;
        return new(new(fact.Device), fact.Other is { } other ? new DeviceId(other) : null, Enum.Parse<Settlement>(fact.Decision, ignoreCase: true), fact.Host, fact.From, fact.Note)
        {
            Revision = fact.Revision,
        };
    }

    public static InventoryFact ToInventory(string content)
    {
        var fact = JsonSerializer.Deserialize(content, FactJson.Default.InventoryContent)!;
        return new(new(fact.Device), Event(fact.Event), new(fact.From, fact.Until ?? Instants.Never), fact.Host, fact.Slot, fact.Model, fact.Pool is { } pool ? new PoolId(pool) : null, fact.Reason)
        {
            Revision = fact.Revision,
        };
    }

    /// <param name="names">Of the reading: jobs share them.</param>
    public static JobFact ToJob(string content, Names names)
    {
        var job = JsonSerializer.Deserialize(content, FactJson.Default.JobContent)!;
        return new(
            names.One(job.Cluster),
            job.JobId,
            new(names.One(job.Tenant)),
            job.Submitted,
            job.Eligible,
            job.Started,
            job.Ended,
            job.Devices,
            job.State,
            job.Pool is { } pool ? new PoolId(names.One(pool)) : null,
            names.One(job.Model),
            names.Devices(job.DeviceIds),
            names.One(job.Priority),
            job.Preemptible,
            job.Requested,
            job.AttemptOf)
        {
            Revision = job.Revision,
            Name = names.One(job.Name),
            Precision = job.Precision,
        };
    }

    public static FeedCoverage ToCoverage(string content)
    {
        var coverage = JsonSerializer.Deserialize(content, FactJson.Default.CoverageContent)!;
        return new(coverage.Feed, new(coverage.From, coverage.Until ?? Instants.Never));
    }

    public static RequestFact ToRequest(string content)
    {
        var request = JsonSerializer.Deserialize(content, FactJson.Default.RequestContent)!;
        return new(
            request.RequestId,
            new(request.Tenant),
            request.Pool is { } pool ? new PoolId(pool) : null,
            request.Devices,
            request.Submitted,
            request.WantedFrom,
            request.WantedTo,
            request.State,
            request.Decided,
            request.Reason,
            request.Probability,
            request.Model,
            request.Gang,
            request.Priority,
            request.Kind,
            request.Applicant)
        {
            Revision = request.Revision,
        };
    }

    /// <param name="names">Of the reading: allocations share them.</param>
    public static AllocationFact ToAllocation(string content, Names names)
    {
        var fact = JsonSerializer.Deserialize(content, FactJson.Default.AllocationContent)!;
        return new(
            new(names.One(fact.Device)),
            new(fact.From, fact.Until ?? Instants.Never),
            new(names.One(fact.Tenant)),
            fact.JobId,
            Enum.Parse<AllocationKind>(fact.Kind, ignoreCase: true),
            fact.SharePpm)
        {
            Revision = fact.Revision,
        };
    }

    /// <param name="names">Of the reading: counts share them.</param>
    public static CountFact ToCount(string content, Names names)
    {
        var fact = JsonSerializer.Deserialize(content, FactJson.Default.CountContent)!;
        return new(
            fact.Hour, new(names.One(fact.Tenant)), fact.Pool is { } pool ? new PoolId(names.One(pool)) : null, fact.Installed, fact.Allocated, fact.Queued)
        {
            Revision = fact.Revision,
        };
    }

    /// <param name="names">Of the reading: readings share them.</param>
    public static MeterFact ToMeter(string content, Names names)
    {
        var fact = JsonSerializer.Deserialize(content, FactJson.Default.MeterContent)!;
        return new(names.One(fact.Meter), Enum.Parse<MeterScope>(fact.Scope, ignoreCase: true), new(fact.From, fact.Until), fact.Millijoules) { Revision = fact.Revision };
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static long? Until(Window window) => window.Until == Instants.Never ? null : window.Until;

    /// <summary>What the keys of all facts of a device or feed begin with, and the first text after them in the order of keys.</summary>
    public static (string From, string Until) KeysOf(string deviceOrFeed)
    {
        var start = Json([deviceOrFeed])[..^1];
        return (start + ",", start + "-");
    }

    private static string Json(object[] key) => JsonSerializer.Serialize(key, FactJson.Default.ObjectArray);

    private static string EventName(InventoryEvent value) => value.ToString().ToLowerInvariant();

    private static InventoryEvent Event(string name) => Enum.Parse<InventoryEvent>(name, ignoreCase: true);
}

internal sealed record InventoryContent(string Device, string Event, long From, long? Until, string? Host, string? Slot, string? Model, string? Pool, string? Reason, int Revision);

// The name comes first: of two readings of one job that differ in it alone, the one that knows it is the larger text.
internal sealed record JobContent(
    string? Name,
    string Cluster,
    string JobId,
    string Tenant,
    long Submitted,
    long? Eligible,
    long? Started,
    long? Ended,
    int Devices,
    JobState State,
    string? Pool,
    string? Model,
    string[]? DeviceIds,
    string? Priority,
    bool Preemptible,
    long? Requested,
    string? AttemptOf,
    int Revision,
    Precision? Precision);

internal sealed record RequestContent(
    string RequestId,
    string Tenant,
    string? Pool,
    int Devices,
    long Submitted,
    long? WantedFrom,
    long? WantedTo,
    RequestState State,
    long? Decided,
    string? Reason,
    double? Probability,
    string? Model,
    int? Gang,
    string? Priority,
    string? Kind,
    string? Applicant,
    int Revision);

internal sealed record AllocationContent(string Device, long From, long? Until, string Tenant, string? JobId, string Kind, int SharePpm, int Revision);

internal sealed record CountContent(long Hour, string Tenant, string? Pool, long? Installed, long Allocated, long? Queued, int Revision);

internal sealed record MeterContent(string Meter, string Scope, long From, long Until, long Millijoules, int Revision);

internal sealed record SettlementContent(string Device, string? Other, string Decision, string? Host, long From, string? Note, int Revision);

internal sealed record CoverageContent(string Feed, long From, long? Until);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(InventoryContent))]
[JsonSerializable(typeof(JobContent))]
[JsonSerializable(typeof(CoverageContent))]
[JsonSerializable(typeof(RequestContent))]
[JsonSerializable(typeof(AllocationContent))]
[JsonSerializable(typeof(CountContent))]
[JsonSerializable(typeof(MeterContent))]
[JsonSerializable(typeof(SettlementContent))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class FactJson : JsonSerializerContext;
