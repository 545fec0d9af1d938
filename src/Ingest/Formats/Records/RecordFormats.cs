using System.Collections.Immutable;
using Headroom.Ingest.Formats.Records.Inventory;
using Headroom.Ingest.Formats.Records.Jobs;
using Headroom.Ingest.Formats.Records.Requests;

namespace Headroom.Ingest.Formats.Records;

/// <summary>Every record format there is, by what it holds.</summary>
public static class RecordFormats
{
    private static readonly ImmutableArray<IRecordFormat> All = [new JobsCsv(), new InventoryCsv(), new RequestsCsv()];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>Null: there is no format of this name.</summary>
    public static IRecordFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);
}
