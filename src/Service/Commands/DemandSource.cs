using System.Collections.Immutable;
using System.CommandLine;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Centers;
using Headroom.Domain.Ledger;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary>Where <c>demand</c> and <c>saturation</c> take their data from: a center of the store, or files.</summary>
internal sealed class DemandSource
{
    private readonly Option<string?> _center;
    private readonly Option<string?> _observed;
    private readonly Option<string?> _jobs;
    private readonly Option<string?> _runtimes;
    private readonly Option<string?> _pool;
    private readonly Option<string> _zone;
    private readonly Option<ulong> _seed;

    public DemandSource(TextLookup text)
    {
        _center = new("--center") { Description = text["Option.Center"], HelpName = "ID" };
        _observed = new("--observed") { Description = text["Demand.Observed"], HelpName = "FILE" };
        _jobs = new("--jobs") { Description = text["Demand.Jobs"], HelpName = "FILE" };
        _runtimes = new("--runtimes") { Description = text["Demand.Runtimes"], HelpName = "FILE" };
        _pool = new("--pool") { Description = text["Demand.Pool"], HelpName = "ID" };
        _zone = new("--zone") { Description = text["Demand.Zone"], HelpName = "Z", DefaultValueFactory = _ => "UTC" };
        _seed = new("--seed") { Description = text["Option.Seed"], HelpName = "N" };
    }

    /// <param name="network">Where all centers may be asked for instead; null: they may not.</param>
    public void AddTo(Command command, TextLookup text, Option<bool>? network = null)
    {
        foreach (var option in (Option[])[_center, _observed, _jobs, _runtimes, _pool, _zone, _seed])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            var named = (result.GetValue(_center) is null ? 0 : 1) + (result.GetValue(_observed) is null ? 0 : 1) + (network is not null && result.GetValue(network) ? 1 : 0);
            if (named != 1)
            {
                result.AddError(text[network is null ? "Demand.OneOf" : "Demand.OneOfNetwork"]);
            }
            else if (result.GetValue(_observed) is null && (result.GetValue(_jobs) ?? result.GetValue(_runtimes)) is not null)
            {
                result.AddError(text["Demand.WithObserved"]);
            }
        });
    }

    /// <param name="capacity">The capacity file, where one was named.</param>
    /// <exception cref="UserException">An unknown center, pool or zone; a file that cannot be read.</exception>
    public async Task<DemandSubject> ReadAsync(CommandContext context, ParseResult parsed, string? capacity, CancellationToken cancellationToken)
    {
        var seed = parsed.GetValue(_seed);
        if (parsed.GetValue(_center) is { } id)
        {
            var subject = await FromStoreAsync(context, id, parsed.GetValue(_pool), cancellationToken);
            return subject with { Input = subject.Input with { Seed = seed } };
        }

        var clock = ClockOf(parsed.GetValue(_zone)!);
        var source = new RecordSource(parsed.GetValue(_observed)!, context.Clock.Now()) { Zone = TimeZoneInfo.FindSystemTimeZoneById(clock.ZoneId) };
        var files = new DemandFiles(source, context.Warn);
        var input = files.Read(parsed.GetValue(_observed)!, parsed.GetValue(_jobs), parsed.GetValue(_runtimes), parsed.GetValue(_pool));
        return new(input with { Seed = seed }, clock, capacity is null ? CapacityPlan.Unchanged : files.Capacity(capacity, clock));
    }

    private static async Task<DemandSubject> FromStoreAsync(CommandContext context, string id, string? pool, CancellationToken cancellationToken)
    {
        await using var store = await context.OpenToReadAsync(cancellationToken);
        var library = new CenterLibrary(store);
        var center = await library.FindAsync(new(id), context.AsOf, cancellationToken) ?? throw await library.UnknownAsync(id, "--center", cancellationToken);
        var chosen = pool is null ? center.FallbackPool : new(pool);
        if (center.Find(chosen) is null && !center.Pools.IsEmpty)
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "--pool", pool, string.Join(" | ", center.Pools.Select(known => known.Id.Value))));
        }

        var catalog = await library.CatalogAsync(context.AsOf, cancellationToken);
        var demand = await CenterDemand.ReadAsync(store, context.Clock, center, catalog, day: null, context.AsOf, cancellationToken);
        return demand.Pools.FirstOrDefault(known => known.Pool == chosen) is { } found
            ? new(found.Input, found.Clock, found.Capacity) { Tenants = center.Tenants, Requests = found.Requests.IsEmpty ? null : found.Ledger }
            : new(new([], null, context.Clock.Now()), center.Clock(), CapacityPlan.Unchanged);
    }

    private static CenterClock ClockOf(string zone)
    {
        try
        {
            return new(zone);
        }
        catch (Exception problem) when (problem is TimeZoneNotFoundException or InvalidTimeZoneException or ArgumentException or System.Security.SecurityException)
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "--zone", zone, "Asia/Shanghai"), problem);
        }
    }
}

/// <summary>One pool: what demand is made from, its local days, and its capacity to come.</summary>
internal sealed record DemandSubject(DemandInput Input, CenterClock Clock, CapacityPlan Capacity)
{
    /// <summary>What the center says of its tenants.</summary>
    public ImmutableArray<TenantDefinition> Tenants { get; init; } = [];

    /// <summary>Null: there are no requests.</summary>
    public DemandLedger? Requests { get; init; }

    /// <summary>Whose demand it is, over the days up to <paramref name="day"/>.</summary>
    public ImmutableArray<DemandPart> PartsOf(DemandInput input, DateOnly day) => DemandPartsOf.Of(input, Clock, day, Tenants, Requests);
}
