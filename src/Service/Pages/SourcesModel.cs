using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Service.Scheduling;

namespace Headroom.Service.Pages;

/// <summary>One source, or several that differ in numbers only, over everything the store holds.</summary>
/// <param name="SinceStart">Rows since the service started.</param>
/// <param name="Last">When its last batch became durable. Unit: microseconds since the Unix epoch.</param>
public sealed record SourceLine(
    string Source, string Format, bool Simulated, long Received, long Accepted, ImmutableArray<(RejectReason Reason, long Count)> Rejected, long SinceStart, long Last)
{
    /// <summary>Samples that came an hour or more after their instant.</summary>
    public long Late { get; init; }

    public long Duplicates { get; init; }
}

/// <summary>What comes in to one center.</summary>
public sealed record CenterSources(CenterDefinition Center, ImmutableArray<TargetState> Targets, ImmutableArray<SourceLine> Sources)
{
    internal static async Task<ImmutableArray<CenterSources>> ReadAsync(CenterDesk desk, ServedStore store, CollectorService collectors, CancellationToken cancellationToken)
    {
        var (targets, arrivals) = (collectors.Targets, store.Arrivals.ToLookup(entry => entry.Center));
        var centers = ImmutableArray.CreateBuilder<CenterSources>();
        foreach (var center in await desk.CentersAsync(cancellationToken))
        {
            var received = await store.ReadReceivedAsync(center.Id, Instants.Never, cancellationToken);
            var sinceStart = arrivals[center.Id].GroupBy(entry => SourceKind.Of(entry.Source)).ToDictionary(group => group.Key, group => group.Sum(entry => entry.Counts.Read().Received));
            var known = targets.Where(state => state.Center == center.Id).ToImmutableArray();
            centers.Add(new(
                center,
                known.IsEmpty ? [.. center.Targets.Select(target => new TargetState(center.Id, target, null))] : known,
                [
                    .. received
                        .GroupBy(note => (Kind: SourceKind.Of(note.Source), note.Format))
                        .Select(group => new SourceLine(
                            SourceKind.NameOf(group.Key.Kind, [.. group.Select(note => note.Source).Distinct()]),
                            group.Key.Format,
                            group.Any(note => note.Simulated),
                            group.Sum(note => note.Received),
                            group.Sum(note => note.Accepted),
                            [.. group.SelectMany(note => note.Rejected).GroupBy(pair => pair.Reason).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Sum(entry => entry.Count)))],
                            sinceStart.GetValueOrDefault(group.Key.Kind),
                            group.Max(note => note.Recorded))
                        {
                            Late = group.Sum(note => note.Late),
                            Duplicates = group.Sum(note => note.Duplicates),
                        })
                        .OrderByDescending(line => line.Last),
                ]));
        }

        return centers.DrainToImmutable();
    }
}
