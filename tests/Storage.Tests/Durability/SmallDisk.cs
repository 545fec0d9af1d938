using System.Diagnostics;

namespace Headroom.Storage.Tests.Durability;

/// <summary>A disk of a few megabytes in memory, for tests that fill it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <exception cref="AssertInconclusiveException">It cannot be mounted here.</exception>
    public static SmallDisk Mount(string path, string size)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path) != 0)
        {
            Assert.Inconclusive("a tmpfs cannot be mounted here: it takes Linux and the right to mount");
            throw new UnreachableException();
        }

        return new(path);
    }

    /// <summary>Leaves about so much room. Unit: bytes.</summary>
    public void Fill(long leave)
    {
        var room = new DriveInfo(Path).AvailableFreeSpace - leave;
        using var ballast = File.Create(Ballast);
        var zeros = new byte[4_096];
        for (; room >= zeros.Length; room -= zeros.Length)
        {
            ballast.Write(zeros);
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Run("umount", Path);

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
