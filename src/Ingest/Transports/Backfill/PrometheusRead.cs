using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Time;
using Headroom.Ingest.Transports.RemoteWrite;
using IronSnappy;

namespace Headroom.Ingest.Transports.Backfill;

/// <summary><c>/api/v1/read</c>, the remote read of Prometheus and of all that speak it.</summary>
/// <remarks>Source: prometheus.io, Remote Read API; prometheus/prompb/remote.proto. Samples are asked for, not streamed chunks: a span is halved where they are too many.</remarks>
internal sealed class PrometheusRead(HttpClient http, CenterDefinition center) : IRawSource
{
    /// <summary>A larger answer is not taken whole. Unit: bytes.</summary>
    private const int LargestBody = 64 << 20;

    /// <summary>As it says itself, unpacked. Unit: bytes.</summary>
    private const int LargestContent = 256 << 20;

    private const int MatchRegex = 2;

    public string FormatName => "prometheus-read";

    public async Task<bool> ReadAsync(Uri server, Window span, SpanReadings into, Action<string, string> malformed, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RawQuestion.At(server, "/api/v1/read")) { Content = new ByteArrayContent(Snappy.Encode(Question(span))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.Add("X-Prometheus-Remote-Read-Version", "0.1.0");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            throw new NotThisKindException();
        }

        if (response.StatusCode == HttpStatusCode.BadRequest
            && (await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Contains("sample limit", StringComparison.OrdinalIgnoreCase))
        {
            throw new SpanTooLargeException();
        }

        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var (content, refusal) = await SnappyBody.ReadAsync(
            body, response.Content.Headers.ContentLength, new() { LargestBody = LargestBody, LargestContent = LargestContent }, cancellationToken).ConfigureAwait(false);
        if (refusal is { Status: 413 })
        {
            throw new SpanTooLargeException();
        }

        var table = new SeriesTable(center);
        // Half an answer is none: what is passed over here would never be asked for again.
        using var unpacked = content;
        return unpacked is not null && TryAnswer(unpacked.Content, table, into) ? table.SawSimulation : throw new IOException("/api/v1/read: snappy, protobuf?");
    }

    // ReadResponse: results, each of them with the series that a write request would have.
    private static bool TryAnswer(ReadOnlySpan<byte> content, SeriesTable table, SpanReadings into)
    {
        var fields = new ProtoReader(content);
        while (fields.Next())
        {
            if (fields is { Field: 1, Kind: ProtoKind.Bytes } && !WriteRequest.TryRead(fields.Content, table, into.Samples))
            {
                return false;
            }
        }

        return !fields.IsBroken;
    }

    // ReadRequest { queries { start, end, matchers { RE, "__name__", names } } }; samples are the answer where none is asked for.
    private static byte[] Question(Window span)
    {
        var (from, last) = RawQuestion.Milliseconds(span);
        byte[] matcher = [1 << 3, MatchRegex, .. Field(2, "__name__"u8), .. Field(3, Encoding.UTF8.GetBytes(RawQuestion.Names))];
        byte[] query = [1 << 3, .. Varint((ulong)from), 2 << 3, .. Varint((ulong)last), .. Field(3, matcher)];
        return Field(1, query);
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)((number << 3) | (int)ProtoKind.Bytes), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
        return [.. bytes];
    }
}
