using System.Net;
using System.Text.Json;
using Headroom.Service.Tests.Cases;
using Headroom.Storage;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Tests.Serving;

/// <summary>A stop while somebody sends.</summary>
[TestClass]
public sealed class StopTests
{
    [TestMethod]
    public async Task Stop_WhileABodyIsPosted_KeepsWhatWasAcknowledged()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        long acknowledged;
        await using (var service = await RunningService.StartAsync(center))
        {
            using var body = new HeldBody();
            // The service says "continue" when it begins to read: only then is the body its business.
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ingest/telemetry?center=case&format=csv") { Content = body, Headers = { ExpectContinue = true } };
            var posting = service.Client.SendAsync(request);
            await body.Begun;
            var stopping = service.StopAsync();
            body.Finish();
            using var answer = await posting;
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, await answer.Content.ReadAsStringAsync());
            acknowledged = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("new").GetInt64();
            await stopping;
            await Assert.ThrowsExactlyAsync<HttpRequestException>(() => service.Client.GetAsync("/healthz"));
        }

        Assert.AreEqual(HeldBody.Rows, acknowledged);
        await using var store = await SqliteStore.OpenAsync(new StoreOptions { Path = Path.Combine(center.Folder, "case.db") }, TimeProvider.System, CancellationToken.None);
        var samples = await store.ReadSamplesAsync(new("case"), new("card"), Domain.Time.Window.Always, CancellationToken.None);
        Assert.AreEqual(acknowledged, samples.Count);
    }
}
