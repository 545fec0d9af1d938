using System.Collections.Immutable;
using Headroom.Ingest.Formats.Records.Allocations;
using Headroom.Ingest.Formats.Records.Counts;
using Headroom.Ingest.Formats.Records.Inventory;
using Headroom.Ingest.Formats.Records.Jobs;
using Headroom.Ingest.Formats.Records.Kubernetes;
using Headroom.Ingest.Formats.Records.Meters;
using Headroom.Ingest.Formats.Records.Requests;
using Headroom.Ingest.Formats.Records.Slurm;
using Headroom.Ingest.Formats.Records.StandardWorkload;

namespace Headroom.Ingest.Formats.Records;

/// <summary>Every record format there is, by what it holds and what it is called.</summary>
public static class RecordFormats
{
    /// <summary>Our own table of each kind.</summary>
    public const string Csv = "csv";

    /// <summary>Bytes from the beginning of a file that <see cref="Guess"/> wants to see.</summary>
    public const int BytesToGuess = 16 * 1024;

    private static readonly ImmutableArray<IRecordFormat> All =
    [
        new JobsCsv(), new SacctFormat(), new SwfFormat(), new KubernetesFormat(),
        new InventoryCsv(), new ScontrolNodeFormat(), new SacctmgrEventFormat(),
        new RequestsCsv(),
        new AllocationsCsv(), new CountsCsv(), new MeterCsv(),
    ];

    // What people call a format, beside its name.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase) { ["slurm"] = "sacct", ["k8s"] = "kubernetes" };

    /// <summary>What files can hold.</summary>
    public static ImmutableArray<string> Kinds { get; } = [.. All.Select(format => format.Kind).Distinct()];

    /// <summary>The formats of a kind, our own first.</summary>
    public static ImmutableArray<string> NamesOf(string kind) => [.. All.Where(format => format.Kind == kind).Select(format => format.Name)];

    /// <summary>What may be said of a kind: the names of its formats, and what people call them.</summary>
    public static ImmutableArray<string> WordsOf(string kind) =>
        [.. NamesOf(kind), .. Aliases.Where(alias => NamesOf(kind).Contains(alias.Value)).Select(alias => alias.Key).Order(StringComparer.Ordinal)];

    /// <param name="name">Null: our own table.</param>
    /// <returns>Null: there is no format of this name for this kind.</returns>
    public static IRecordFormat? Find(string kind, string? name = null)
    {
        var wanted = name is null ? Csv : Aliases.GetValueOrDefault(name, name);
        return All.FirstOrDefault(format => format.Kind == kind && format.Name == wanted);
    }

    /// <summary>The format of a kind whose content begins like this: our own table where no other says it knows it.</summary>
    public static IRecordFormat? Guess(string kind, ReadOnlySpan<byte> beginning)
    {
        foreach (var format in All)
        {
            if (format.Kind == kind && format.Begins(beginning))
            {
                return format;
            }
        }

        return Find(kind);
    }
}
