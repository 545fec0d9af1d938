using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;

namespace Headroom.Ingest.Catalogs;

/// <summary>The card catalog, <c>data/card-models.csv</c>. Every problem of the file is told at once.</summary>
public static class CardCatalogFile
{
    private static readonly ImmutableArray<string> Columns =
        ["vendor", "model", "aliases", "kind", "fp16_dense_tflops", "fp64_tflops", "memory_mib", "tdp_w", "dies_per_card", "source", "source_date", "certainty"];

    /// <exception cref="UserException">Missing, unreadable, a wrong value, or one name with two ratings.</exception>
    public static CardCatalog Load(string path)
    {
        using var stream = TextFile.Guarded(path, () => File.OpenRead(path));
        return Read(stream, path);
    }

    /// <exception cref="UserException">The text is not a catalog.</exception>
    public static CardCatalog Parse(string text, string file)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return Read(stream, file);
    }

    private static CardCatalog Read(Stream stream, string file)
    {
        using var table = new Table(stream, file, Columns, []);
        var problems = ImmutableArray.CreateBuilder<UserMessage>();
        var models = new List<(CardModel Model, string Place)>();
        while (table.Read())
        {
            models.Add((Model(new TableCells(table, problems)), table.Place));
        }

        if (problems.Count > 0)
        {
            throw new UserException(problems.ToImmutable());
        }

        try
        {
            return new CardCatalog(models.Select(entry => entry.Model));
        }
        catch (ConflictingRatingException conflict)
        {
            var place = models.First(entry => ReferenceEquals(entry.Model, conflict.Second)).Place;
            var precision = conflict.First.Fp16Mflops != conflict.Second.Fp16Mflops ? Precision.Fp16 : Precision.Fp64;
            throw new UserException(
                UserMessage.Of(MessageCode.ConflictingRating, place, conflict.ModelName, Rating(conflict.First, precision), conflict.First.Source, Rating(conflict.Second, precision), conflict.Second.Source),
                conflict);
        }
    }

    private static CardModel Model(TableCells cells) => new(
        cells.Text("vendor"),
        cells.Text("model"),
        [.. (cells.Optional("aliases") ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
        cells.Word("kind", ("card", DeviceKind.Card), ("die", DeviceKind.Die), ("cpu_node", DeviceKind.CpuNode)),
        Scaled(cells.Positive("fp16_dense_tflops"), 1e6),
        Scaled(cells.Positive("fp64_tflops"), 1e6),
        Scaled(cells.Positive("memory_mib"), 1),
        Scaled(cells.Positive("tdp_w"), 1e3),
        (int)(cells.Positive("dies_per_card") ?? 1),
        cells.Text("source"),
        cells.Day("source_date"),
        cells.Word("certainty", ("certain", true), ("uncertain", false)));

    private static long? Scaled(double? value, double steps) => value is { } number ? (long)Math.Round(number * steps) : null;

    private static string Rating(CardModel model, Precision precision)
    {
        var tflops = model.RatingMflops(precision) is { } mflops ? (mflops / 1e6).ToString(CultureInfo.InvariantCulture) : "-";
        return $"{precision.ToString().ToUpperInvariant()} {tflops} TFLOPS";
    }
}
