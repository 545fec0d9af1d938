using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Reflection;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Transports.Scrape;

/// <summary>A page of metrics as a target sent it.</summary>
/// <param name="OpenMetrics">As its content type says.</param>
/// <param name="At">When it was asked for. Unit: microseconds since the Unix epoch.</param>
/// <param name="SentAt">The sender's clock when it answered, to the second; null: it says none. Unit: microseconds since the Unix epoch.</param>
public sealed record ScrapedPage(byte[] Body, bool OpenMetrics, long At, long? SentAt)
{
    /// <summary>A simulator marks its pages: everything made from them says SIMULATED.</summary>
    public bool IsSimulated => Body.AsSpan().StartsWith("# SIMULATED"u8);
}

/// <summary>Asks a target for its page once.</summary>
public sealed class ScrapeClient(HttpClient http, TimeProvider clock)
{
    /// <summary>A larger page, unpacked, is refused. Unit: bytes.</summary>
    public const int LargestPage = 64 << 20;

    /// <summary>A slower target counts as down. A target that is asked more often than that gets its period.</summary>
    public static readonly TimeSpan SlowestAnswer = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<TargetAccess, HttpClient> _ownTls = [];

    private const string Accept = "application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private static readonly string UserAgent =
        "Headroom/" + (typeof(ScrapeClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    /// <summary>A client that unpacks gzip and follows no redirects: a target is what its file says.</summary>
    public static HttpClient NewHttpClient() => NewHttpClient(tls: null);

    internal static HttpClient NewHttpClient(SslClientAuthenticationOptions? tls) => new(
        new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = tls ?? new(),
        },
        disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <exception cref="UserException"><see cref="MessageCode.TargetDown"/> or <see cref="MessageCode.TargetNotMetrics"/>.</exception>
    public async Task<ScrapedPage> GetAsync(ScrapeTarget target, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromMicroseconds(Math.Min(target.PeriodMicros, (long)SlowestAnswer.TotalMicroseconds));
        using var deadline = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var at = clock.Now();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target.Url);
            request.Headers.TryAddWithoutValidation("Accept", Accept);
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", patience.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
            TargetLogin.Apply(request, target.Access);
            using var response = await (target.Access is { NeedsOwnTls: true } access ? _ownTls.GetOrAdd(access, TargetLogin.NewClient) : http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Down(target, string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}"));
            }

            var type = response.Content.Headers.ContentType?.MediaType;
            var body = await BodyAsync(target, response.Content, either.Token).ConfigureAwait(false);
            return IsMetrics(type, body, target.Format)
                ? new(body, string.Equals(type, "application/openmetrics-text", StringComparison.OrdinalIgnoreCase), at, response.Headers.Date is { } sent ? Instants.From(sent) : null)
                : throw NotMetrics(target, type, body);
        }
        catch (OperationCanceledException problem) when (!cancellationToken.IsCancellationRequested)
        {
            throw Down(target, string.Create(CultureInfo.InvariantCulture, $"> {patience.TotalSeconds:0.###} s"), problem);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw Down(target, problem.InnerException?.Message ?? problem.Message, problem);
        }
    }

    private static async Task<byte[]> BodyAsync(ScrapeTarget target, HttpContent content, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[64 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                if (body.Length + read > LargestPage)
                {
                    throw Down(target, "> 64 MiB");
                }

                body.Write(buffer, 0, read);
            }
        }

        return body.ToArray();
    }

    private static bool IsMetrics(string? type, byte[] body, string? format)
    {
        var beginning = body.AsSpan(0, Math.Min(body.Length, TelemetryFormats.BytesToGuess));
        return !string.Equals(type, "text/html", StringComparison.OrdinalIgnoreCase)
            && !beginning.TrimStart(" \t\r\n\uFEFF"u8).StartsWith("<"u8)
            && (format is not null || TelemetryFormats.Guess(body) is not null);
    }

    private static UserException Down(ScrapeTarget target, string reason, Exception? inner = null) =>
        new(UserMessage.Of(MessageCode.TargetDown, target.Name, target.Url, reason), inner);

    private static UserException NotMetrics(ScrapeTarget target, string? type, byte[] body) =>
        new(UserMessage.Of(
            MessageCode.TargetNotMetrics,
            target.Name,
            target.Url,
            type,
            System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(80, body.Length))).ReplaceLineEndings(" "),
            string.Join(", ", TelemetryFormats.Names)));
}
