using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Sqlite.Facts;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite;

/// <summary>SHA-256 over the winning view of documents, facts and samples; streamed, a device and day at a time.</summary>
/// <remarks>Layout: docs/storage-format.md, "The content hash".</remarks>
internal sealed class ContentHasher(Session session, SampleReader samples, OpenSamplesCache open) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _rows = [];

    public string Hash(CancellationToken cancellationToken)
    {
        foreach (var kind in Enum.GetValues<DocumentKind>())
        {
            foreach (var document in DocumentTable.List(session, kind, Instants.Never))
            {
                Text("document", kind.ToString(), document.Id, document.Content);
            }
        }

        foreach (var (center, name) in session.Connection.Query<(long, string)>("SELECT id, name FROM center ORDER BY name").AsList())
        {
            FactReader.Winners(session, center, Instants.Never, (fact, _) => Text("fact", name, fact.Kind.ToString(), fact.Key, fact.Content));
            foreach (var sighted in SightingTable.Read(session, center, Instants.Never, open))
            {
                var sighting = sighted.Sighting;
                Text("device", name, sighting.Id, sighting.Host, sighting.Slot, sighting.Model, sighting.Pool);
                Samples(center, new(sighting.Id), cancellationToken);
            }
        }

        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void Samples(long center, DeviceId device, CancellationToken cancellationToken)
    {
        var id = (long)session.Scalar("SELECT id FROM device WHERE center = @1 AND name = @2", center, device.Value)!;
        var days = BlockTable.Days(session, center, id)
            .Concat(open.Use(session, center, unsealed => unsealed.Days.Keys.Where(key => key.Device == id).Select(key => key.Day).ToArray()))
            .Distinct()
            .Order();
        foreach (var day in days)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Rows(samples.Read(session, center, id, new(UtcDays.Start(day), UtcDays.Start(day + 1))));
        }
    }

    // Instant and gauges of each row, little-endian.
    private void Rows(SampleColumns rows)
    {
        var width = sizeof(long) + (SampleColumns.Metrics * sizeof(int));
        if (_rows.Length < rows.Count * width)
        {
            _rows = new byte[rows.Count * width];
        }

        for (var row = 0; row < rows.Count; row++)
        {
            var into = _rows.AsSpan(row * width, width);
            BinaryPrimitives.WriteInt64LittleEndian(into, rows.Instants[row]);
            for (var metric = 0; metric < SampleColumns.Metrics; metric++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(into[(sizeof(long) + (metric * sizeof(int)))..], rows.Value(metric, row));
            }
        }

        _hash.AppendData(_rows, 0, rows.Count * width);
    }

    // Each part as its length in bytes, little-endian, and its UTF-8; -1 for null.
    private void Text(params ReadOnlySpan<string?> parts)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
            _hash.AppendData(length);
            _hash.AppendData(bytes);
        }
    }
}
