using System.IO.Compression;
using Headroom.Domain.Messages;

namespace Headroom.Ingest;

/// <summary>Files that a user names, and the message when one cannot be read.</summary>
internal static class TextFile
{
    /// <exception cref="UserException">Missing or unreadable.</exception>
    public static string Read(string path) => Guarded(path, () => File.ReadAllText(path));

    /// <summary>The bytes of a file; those of a <c>.gz</c> unpacked.</summary>
    /// <exception cref="UserException">Missing or unreadable.</exception>
    public static Stream Open(string path) => Guarded<Stream>(path, () =>
    {
        var file = File.OpenRead(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    });

    /// <exception cref="UserException">Missing or unreadable.</exception>
    public static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (AsMessage(path, problem) is { } message)
        {
            throw new UserException(message, problem);
        }
    }

    /// <summary>The message for a failure to open or read a file; null for what is not one.</summary>
    public static UserMessage? AsMessage(string path, Exception problem) => problem switch
    {
        FileNotFoundException or DirectoryNotFoundException => UserMessage.Of(MessageCode.FileMissing, path, Path.GetFullPath(path)),
        IOException or UnauthorizedAccessException or InvalidDataException => UserMessage.Of(MessageCode.FileUnreadable, path, problem.Message),
        _ => null,
    };
}
