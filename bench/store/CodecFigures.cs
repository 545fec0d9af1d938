using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Bench.Store;

/// <summary>The codec of blocks alone, on any telemetry file: bytes a sample by column, encode and decode speed.</summary>
internal static class CodecFigures
{
    private const int RowsPerBlock = 32_768;

    public static void Print(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            Print(file);
        }
    }

    private static void Print(string file)
    {
        var cards = Read(file);
        var rows = cards.Sum(card => (long)card.Count);
        var blocks = BlocksOf(cards);
        var writer = new BlockWriter();
        var packed = new List<PackedBlock>();
        var encode = Cpu.Of(() =>
        {
            packed.Clear();
            foreach (var block in blocks)
            {
                packed.Add(writer.Write(0, block));
            }
        });
        var use = packed.Sum(block => (long)block.Use.Length);
        var others = packed.Sum(block => (long)block.Others.Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(file)}: {rows:N0} rows, {cards.Count} cards, {blocks.Count} blocks; {(use + others) / (rows * 4.0):F4} B a sample (use and time {use / (double)rows:F3} B a row, others {others / (double)rows:F3})"));
        var (scratch, room) = (new SampleColumns(), new BlockRoom());
        var decodeUse = Cpu.Of(() =>
        {
            foreach (var block in packed)
            {
                var reader = new BlockReader(block.Use, room);
                for (var i = 0; i < reader.Segments.Length; i++)
                {
                    reader.ReadUse(i, scratch);
                }

                reader.Release();
            }
        });
        var decode = Cpu.Of(() =>
        {
            foreach (var block in packed)
            {
                var reader = new BlockReader(block.Use, room);
                reader.OpenOthers(block.Others);
                for (var i = 0; i < reader.Segments.Length; i++)
                {
                    reader.ReadUse(i, scratch);
                    reader.ReadOthers(i, scratch);
                }

                reader.Release();
            }
        });
        Check(blocks, packed);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  encode {rows / encode / 1e6:F2} M rows a CPU-s, decode {rows / decode / 1e6:F2}, time and use only {rows / decodeUse / 1e6:F2}"));
    }

    private static void Check(List<List<Segment>> blocks, List<PackedBlock> packed)
    {
        var rows = new SampleColumns();
        for (var b = 0; b < blocks.Count; b++)
        {
            var reader = new BlockReader(packed[b].Use, new());
            reader.OpenOthers(packed[b].Others);
            for (var i = 0; i < reader.Segments.Length; i++)
            {
                var segment = blocks[b][i];
                reader.ReadUse(i, rows);
                reader.ReadOthers(i, rows);
                var same = rows.Instants.SequenceEqual(segment.Rows.Instants[segment.Start..segment.End]);
                for (var metric = 0; metric < SampleColumns.Metrics; metric++)
                {
                    same &= rows.Values(metric).SequenceEqual(segment.Rows.Values(metric)[segment.Start..segment.End]);
                }

                if (!same)
                {
                    throw new InvalidOperationException($"block {b} segment {i} does not read as it was written");
                }
            }
        }
    }

    private static List<List<Segment>> BlocksOf(IReadOnlyList<SampleColumns> cards)
    {
        var blocks = new List<List<Segment>>();
        var rows = RowsPerBlock;
        foreach (var (number, card) in cards.Index())
        {
            if (rows >= RowsPerBlock)
            {
                blocks.Add([]);
                rows = 0;
            }

            blocks[^1].Add(new(number + 1, card, 0, card.Count));
            rows += card.Count;
        }

        return blocks;
    }

    private static List<SampleColumns> Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (file.EndsWith(".gz", StringComparison.Ordinal))
        {
            using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            packed.CopyTo(plain);
            bytes = plain.ToArray();
        }

        var batch = new SampleBatch(1 << 20);
        var parse = Cpu.Of(() => TelemetryFormats.Create("csv", new TelemetrySource(file, Instants.From(TimeProvider.System.GetUtcNow())))!.Parse(new ReadOnlySequence<byte>(bytes), last: true, batch, new RejectCounts()));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"parse {batch.Count / parse / 1e6:F2} M rows a CPU-s, {bytes.Length / (double)batch.Count:F1} B a row"));
        var cards = batch.Devices.Select(_ => new SampleColumns()).ToList();
        for (var row = 0; row < batch.Count; row++)
        {
            var card = cards[batch.Device[row]];
            if (card.Count > 0 && batch.Instant[row] <= card.Last)
            {
                continue;
            }

            var at = card.Add(batch.Instant[row]);
            foreach (var metric in TelemetryMetrics.All)
            {
                card.Set(metric.Column, at, batch.Values(metric)[row], 0);
            }
        }

        return cards.Where(card => card.Count > 0).ToList();
    }
}
