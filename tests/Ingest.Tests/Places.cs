namespace Headroom.Ingest.Tests;

/// <summary>Folders that tests read, found by walking up: nothing is tied to one machine.</summary>
internal static class Places
{
    public static string Data(params string[] parts) => Repository(["data", .. parts]);

    public static string Repository(params string[] parts) => Path.Combine([Up(folder => File.Exists(Path.Combine(folder, "Analytics.sln")))!, .. parts]);

    /// <summary>A sample page that is not part of the repository; the test is inconclusive where it is absent.</summary>
    public static byte[] Shared(string name)
    {
        if (SharedOrNull(name) is not { } sample)
        {
            Assert.Inconclusive($"The sample {name} is not on this machine.");
            return [];
        }

        return sample;
    }

    public static byte[]? SharedOrNull(string name)
    {
        var path = SharedFolder() is { } folder ? Path.Combine(folder, name) : null;
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Null: the samples are not on this machine.</summary>
    public static string? SharedFolder() =>
        Up(folder => Directory.Exists(Path.Combine(folder, "shared", "formats"))) is { } folder ? Path.Combine(folder, "shared", "formats") : null;

    private static string? Up(Func<string, bool> found)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (found(folder))
            {
                return folder;
            }
        }

        return null;
    }
}
