using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Headroom.Service.Tests.Cases;
using IronSnappy;

namespace Headroom.Service.Tests.Serving;

/// <summary>Remote write over HTTP: what is refused, why, and in which language. Alone, because it counts what the process allocates.</summary>
[TestClass]
[DoNotParallelize]
public sealed class RemoteWriteRequestTests
{
    private const string Protobuf = "application/x-protobuf";

    // 2026-03-02T12:00:00Z, a moment of the test center's day.
    private const long Noon = 1_772_452_800_000;

    private static readonly byte[] Good = RemoteBody.Of(Noon, ("DCGM_FI_DEV_GPU_UTIL", "GPU-0", 50));

    // A preamble of 1,073,741,824 bytes, and nothing behind it.
    private static readonly byte[] Gigabyte = [0x80, 0x80, 0x80, 0x80, 0x04, 0, 0, 0];

    public static IEnumerable<TestDataRow<(byte[] Body, string Type, string? Encoding, int Status, string Code)>> Refused =>
    [
        new((Good, "application/json", "snappy", 415, "ContentTypeUnsupported")) { DisplayName = "wrong content type" },
        new((Good, "application/x-protobuf;proto=io.prometheus.write.v2.Request", "snappy", 415, "RemoteWriteUnsupported")) { DisplayName = "remote write 2.0" },
        new((Good, Protobuf, "gzip", 415, "RemoteWriteUnsupported")) { DisplayName = "gzip" },
        new((Good, Protobuf, null, 415, "RemoteWriteUnsupported")) { DisplayName = "not packed" },
        new(([0x04, 0x0C, 1, 2], Protobuf, "snappy", 400, "BodyNotSnappy")) { DisplayName = "snappy that is cut" },
        new(([0xE8, 0x07], Protobuf, "snappy", 400, "BodyNotSnappy")) { DisplayName = "more declared than it can hold" },
        new(([], Protobuf, "snappy", 400, "BodyNotSnappy")) { DisplayName = "no body" },
        new((Snappy.Encode([0x0A, 100, 1]), Protobuf, "snappy", 400, "BodyNotWriteRequest")) { DisplayName = "broken protobuf" },
        new((Gigabyte, Protobuf, "snappy", 413, "BodyUnpacksTooLarge")) { DisplayName = "a gigabyte declared" },
    ];

    [TestMethod]
    [DynamicData(nameof(Refused))]
    public async Task Write_OfSomethingElse_IsAProblemInTheLanguageAskedFor(byte[] body, string type, string? encoding, int status, string code)
    {
        using var center = await CenterAsync();
        await using var service = await RunningService.StartAsync(center);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            var problem = await ProblemAsync(service, "/api/v1/write?center=case", body, language, status, type, encoding);
            Assert.AreEqual(code, problem.GetProperty("code").GetString());
            Assert.StartsWith("/api/v1/write", problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task Write_GigabyteDeclared_IsRefusedWithoutAllocatingIt()
    {
        using var center = await CenterAsync();
        await using var service = await RunningService.StartAsync(center);
        await ProblemAsync(service, "/api/v1/write?center=case", Gigabyte, "en", 413);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ProblemAsync(service, "/api/v1/write?center=case", Gigabyte, "en", 413);
        Assert.IsLessThan(16L << 20, GC.GetTotalAllocatedBytes(precise: true) - before, "of the whole process, for one request of 8 bytes");
    }

    [TestMethod]
    public async Task Write_UnknownCenter_NamesThoseThatAreKnown()
    {
        using var center = await CenterAsync();
        await using var service = await RunningService.StartAsync(center);
        foreach (var (language, known) in ((string, string)[])[("en", "Known: case."), ("zh-CN", "现有：case。")])
        {
            var problem = await ProblemAsync(service, "/api/v1/write?center=nowhere", Good, language, 404);
            Assert.AreEqual("CenterUnknown", problem.GetProperty("code").GetString());
            Assert.Contains(known, problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DataRow("/api/v1/write", 400, "CenterNotNamed", DisplayName = "no center")]
    [DataRow("/api/v1/write?center=case&simulated=perhaps", 400, "ParameterUnusable", DisplayName = "simulated is neither yes nor no")]
    public async Task Write_BadQuestion_SaysWhatIsWrong(string path, int status, string code)
    {
        using var center = await CenterAsync();
        await using var service = await RunningService.StartAsync(center);
        foreach (var language in (string[])["en", "zh-CN"])
        {
            Assert.AreEqual(code, (await ProblemAsync(service, path, Good, language, status)).GetProperty("code").GetString());
        }
    }

    [TestMethod]
    [DataRow("", false, DisplayName = "measured")]
    [DataRow("&simulated=true", false, DisplayName = "declared by the sender")]
    [DataRow("", true, DisplayName = "said by a series of the exporter")]
    public async Task Write_FromASimulatedSource_IsMarkedOnEveryPage(string query, bool said)
    {
        using var center = await CenterAsync();
        await using var service = await RunningService.StartAsync(center);
        var body = said ? RemoteBody.Of(Noon, ("headroom_simulated", "", 1), ("DCGM_FI_DEV_GPU_UTIL", "GPU-0", 50)) : Good;
        using var answer = await SendAsync(service, "/api/v1/write?center=case" + query, body, "en", Protobuf, "snappy");
        Assert.AreEqual(HttpStatusCode.NoContent, answer.StatusCode);
        foreach (var page in (string[])["/", "/centers/case", $"/centers/case/days/{TestCenter.Day}", $"/centers/case/cards/GPU-0?day={TestCenter.Day}", "/sources"])
        {
            Assert.AreEqual(said || query.Length > 0, (await service.GetAsync(page)).Contains("SIMULATED", StringComparison.Ordinal), page);
        }
    }

    [TestMethod]
    public async Task Write_OfACardNeverSeen_ShowsItsPageAtOnce()
    {
        using var center = await CenterAsync();
        await using var service = await RunningService.StartAsync(center);
        var page = $"/centers/case/cards/GPU-7?day={TestCenter.Day}";
        await service.GetAsync(page, status: 404);
        using var answer = await SendAsync(service, "/api/v1/write?center=case", RemoteBody.Of(Noon, ("DCGM_FI_DEV_GPU_UTIL", "GPU-7", 50)), "en", Protobuf, "snappy");
        Assert.AreEqual(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("GPU-7", await service.GetAsync(page), StringComparison.Ordinal);
    }

    private static async Task<TestCenter> CenterAsync()
    {
        var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("GPU-0"));
        return center;
    }

    private static async Task<JsonElement> ProblemAsync(
        RunningService service, string path, byte[] body, string language, int status, string type = Protobuf, string? encoding = "snappy")
    {
        using var answer = await SendAsync(service, path, body, language, type, encoding);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(status, (int)answer.StatusCode, text);
        Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType, text);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.AreEqual(language == "zh-CN", problem.GetProperty("detail").GetString()!.Any(letter => letter is >= '\u4e00' and <= '\u9fff'), text);
        Assert.AreEqual(language == "zh-CN", problem.GetProperty("title").GetString()!.Any(letter => letter is >= '\u4e00' and <= '\u9fff'), text);
        return problem;
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningService service, string path, byte[] body, string language, string type, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.AcceptLanguage.ParseAdd(language);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        return await service.Client.SendAsync(request);
    }
}
