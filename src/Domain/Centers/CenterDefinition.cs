using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Centers;

/// <summary>A text in both languages.</summary>
public sealed record LocalText(string En, string Zh)
{
    public string In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;
}

/// <summary>Where a number of a center file comes from.</summary>
/// <param name="Assumed">True: nobody published it; it is printed as an assumption.</param>
/// <param name="Source">Who published it where; null for an assumption.</param>
/// <param name="Date">When; null where the source has none.</param>
public sealed record Provenance(bool Assumed, LocalText? Source, DateOnly? Date);

/// <summary>A pool and what it is thought to be made of.</summary>
/// <param name="Nameplate">Published capacity at the pool's precision. Unit: P. Null: not published.</param>
/// <param name="Model">Card model by catalog name; null: not known.</param>
/// <param name="Devices">Installed devices; null: not known.</param>
/// <param name="DevicesPerHost">At least 1.</param>
/// <param name="HasGauge">False for pools whose devices report no utilization.</param>
public sealed record PoolDefinition(
    PoolId Id,
    LocalText Name,
    Precision Precision,
    double? Nameplate,
    Provenance NameplateProvenance,
    string? Model,
    int? Devices,
    int DevicesPerHost,
    bool HasGauge,
    Provenance DevicesProvenance);

public enum PhaseStatus
{
    Installed,
    Committed,
    Candidate,
}

/// <summary>A step of capacity.</summary>
/// <param name="Opens">Local day of acceptance, planned or real.</param>
/// <param name="SlipDays">Triangular slip around <paramref name="Opens"/>: least, most likely, most. Zero for what is installed.</param>
public sealed record PhaseDefinition(
    string Id,
    LocalText Name,
    PhaseStatus Status,
    DateOnly Opens,
    ImmutableArray<PhaseCapacity> Capacity,
    (int Least, int Likely, int Most) SlipDays,
    Provenance Provenance);

public sealed record PhaseCapacity(PoolId Pool, double? Petaflops, int? Devices);

public sealed record TenantDefinition(TenantId Id, LocalText Name, string Sector, ImmutableArray<string> Platforms);

/// <summary>What a kilowatt-hour of the grid emits, from a day on.</summary>
/// <param name="KilogramsPerKilowattHour">kg CO2 per kWh.</param>
public sealed record GridFactor(DateOnly From, double KilogramsPerKilowattHour, Provenance Provenance);

/// <summary>What the center or its owner said in public, word for word where quoted.</summary>
/// <param name="From">Begin of the period it speaks of; null: none given.</param>
/// <param name="Metric">A claim that can be audited, such as <c>U&gt;=0.90</c>; null: words only.</param>
public sealed record PublishedClaim(LocalText Text, DateOnly Date, DateOnly? From, DateOnly? To, LocalText Source, string? Metric);

/// <summary>A page that a collector reads.</summary>
/// <param name="Url">http or https.</param>
/// <param name="Format">As in <c>--format</c>; null: guessed from the page.</param>
/// <param name="Host">For pages that carry no host name.</param>
/// <param name="PeriodMicros">Scrape period.</param>
public sealed record ScrapeTarget(string Name, Uri Url, string? Format, string? Host, long PeriodMicros)
{
    /// <summary>What the target asks of who reads it; null: nothing.</summary>
    public TargetAccess? Access { get; init; }
}

/// <summary>How a collector makes itself known to a target. Secrets are named, never held.</summary>
/// <param name="User">For basic authentication; null: none.</param>
/// <param name="Bearer">Null: none.</param>
/// <param name="CertificateFile">PEM of our own certificate; null: none.</param>
/// <param name="KeyFile">PEM of its key; null: in <paramref name="CertificateFile"/>.</param>
/// <param name="AuthorityFile">PEM of the only authorities that are trusted; null: those of the machine.</param>
public sealed record TargetAccess(string? User, SecretPlace? Password, SecretPlace? Bearer, string? CertificateFile, string? KeyFile, string? AuthorityFile)
{
    public bool NeedsOwnTls => CertificateFile is not null || AuthorityFile is not null;
}

/// <summary>Where a secret is kept.</summary>
/// <param name="IsFile">True: the text of a file; false: a variable of the environment.</param>
public sealed record SecretPlace(bool IsFile, string Name)
{
    public override string ToString() => (IsFile ? "file:" : "env:") + Name;
}

/// <summary>One center as its file describes it. A loaded file is a version; reports read versions, never files.</summary>
/// <param name="Zone">IANA zone of local days.</param>
/// <param name="PeriodMicros">Declared nominal period of telemetry; null: found from the data.</param>
/// <param name="Opened">First local day of service; null: not yet or not known.</param>
/// <param name="Draft">Made by an ingest that named an unknown center: UTC, unrated.</param>
public sealed record CenterDefinition(
    CenterId Id,
    LocalText Name,
    string Zone,
    DateOnly? Opened,
    long? PeriodMicros,
    ImmutableArray<PoolDefinition> Pools,
    ImmutableArray<PhaseDefinition> Phases,
    ImmutableArray<TenantDefinition> Tenants,
    ImmutableArray<LocalText> Platforms,
    ImmutableArray<ScrapeTarget> Targets,
    ImmutableArray<PublishedClaim> Claims,
    bool Draft)
{
    /// <summary>Emission factors of the grid, oldest first; empty: none is declared.</summary>
    public ImmutableArray<GridFactor> GridFactors { get; init; } = [];

    /// <summary>The factor in force on a local day; null: none is.</summary>
    public GridFactor? GridFactorOn(DateOnly day) => GridFactors.LastOrDefault(factor => factor.From <= day);

    /// <summary>What the sectors of its tenants are called; empty: as the tenants' own lines say.</summary>
    public ImmutableArray<LocalText> Sectors { get; init; } = [];

    /// <summary>A sector by its English name.</summary>
    public LocalText NameOfSector(string sector) => NameOf(Sectors, sector);

    /// <summary>A platform by its English name.</summary>
    public LocalText NameOfPlatform(string platform) => NameOf(Platforms, platform);

    /// <summary>How long what is kept.</summary>
    public Retention Retention { get; init; } = Retention.Default;

    /// <summary>The pool of devices that nothing places: the first one of the file.</summary>
    public PoolId FallbackPool => Pools.IsEmpty ? new("default") : Pools[0].Id;

    /// <exception cref="TimeZoneNotFoundException">The zone is unknown here.</exception>
    public CenterClock Clock() => new(Zone);

    public PoolDefinition? Find(PoolId pool) => Pools.FirstOrDefault(p => p.Id == pool);

    public Precision PrecisionOf(PoolId pool) => Find(pool)?.Precision ?? Precision.Fp16;

    public static CenterDefinition NewDraft(CenterId id) =>
        new(id, new(id.Value, id.Value), "UTC", Opened: null, PeriodMicros: null, [], [], [], [], [], [], Draft: true);

    private static LocalText NameOf(ImmutableArray<LocalText> names, string english) => names.FirstOrDefault(name => name.En == english) ?? new(english, english);
}
