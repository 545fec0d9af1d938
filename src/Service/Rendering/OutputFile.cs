using System.Text;
using Headroom.Domain.Messages;

namespace Headroom.Service.Rendering;

/// <summary>Writes a file whole or not at all: beside its place first, then moved there.</summary>
internal static class OutputFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <exception cref="UserException">The folder cannot be made or written to.</exception>
    public static Task WriteAsync(string path, Action<TextWriter> write, CancellationToken cancellationToken) =>
        WriteAsync(
            path,
            writer =>
            {
                write(writer);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <exception cref="UserException">The folder cannot be made or written to.</exception>
    public static async Task WriteAsync(string path, Func<TextWriter, Task> write, CancellationToken cancellationToken)
    {
        var place = Path.GetFullPath(path);
        var beside = $"{place}.{Environment.ProcessId}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await using (var writer = new StreamWriter(beside, append: false, Utf8) { NewLine = "\n" })
            {
                await write(writer);
                await writer.FlushAsync(cancellationToken);
            }

            File.Move(beside, place, overwrite: true);
        }
        catch (Exception problem)
        {
            if (File.Exists(beside))
            {
                File.Delete(beside);
            }

            if (problem is not (IOException or UnauthorizedAccessException))
            {
                throw;
            }

            throw new UserException(UserMessage.Of(MessageCode.FolderUnwritable, path, problem.Message), problem);
        }
    }
}

/// <summary>One cell of a CSV file that we write.</summary>
internal static class CsvText
{
    public static string Cell(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
