using Headroom.Domain.Time;

namespace Headroom.Storage.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headroom-store-");

    public string Path => _folder.FullName;

    public string File(string name = "headroom.db") => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class StandingClock(long now) : TimeProvider
{
    public long Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Instants.ToDateTime(Now);
}
