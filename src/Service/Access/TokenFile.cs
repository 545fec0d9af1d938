using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Headroom.Domain.Messages;

namespace Headroom.Service.Access;

/// <summary>The tokens of a store, in a file of their own beside it: the command line changes them while a service runs, and the service sees it at the next request.</summary>
internal sealed class TokenFile(string database)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private readonly Lock _gate = new();
    private (DateTime Written, long Length, ImmutableArray<AccessToken> Tokens) _known = (DateTime.MinValue, -1, []);

    public string Path { get; } = database + ".tokens.json";

    /// <summary>The tokens as the file has them now, revoked and expired ones too.</summary>
    /// <exception cref="UserException">The file is there and cannot be read: nobody is let in on a guess.</exception>
    public ImmutableArray<AccessToken> Read()
    {
        lock (_gate)
        {
            var file = new FileInfo(Path);
            if (!file.Exists)
            {
                return [];
            }

            if (_known.Written != file.LastWriteTimeUtc || _known.Length != file.Length)
            {
                _known = (file.LastWriteTimeUtc, file.Length, Parse());
            }

            return _known.Tokens;
        }
    }

    /// <summary>The token of a text; null: nobody has made it.</summary>
    public AccessToken? Find(string text)
    {
        var hash = AccessToken.HashOf(text);
        return Read().FirstOrDefault(token => token.Hash == hash);
    }

    /// <summary>Replaces the file as a whole; only its owner may read it.</summary>
    public void Write(ImmutableArray<AccessToken> tokens)
    {
        var fresh = Path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(stream, tokens, Json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, Path, overwrite: true);
    }

    private ImmutableArray<AccessToken> Parse()
    {
        try
        {
            return JsonSerializer.Deserialize<ImmutableArray<AccessToken>>(File.ReadAllBytes(Path), Json) is { IsDefault: false } tokens ? tokens : [];
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserException(UserMessage.Of(MessageCode.FileUnreadable, System.IO.Path.GetFileName(Path), problem is JsonException ? "JSON" : problem.Message), problem);
        }
    }
}
