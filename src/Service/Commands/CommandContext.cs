using System.Text.Json;
using Headroom.Domain.Messages;
using Headroom.Reports.Language;
using Headroom.Storage;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Commands;

/// <summary>What every command has: its language, where it prints, which store it works on.</summary>
internal sealed class CommandContext
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web);

    public required TextLookup Text { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Errors { get; init; }

    public required TimeProvider Clock { get; init; }

    public required bool Json { get; init; }

    public required string Database { get; init; }

    /// <summary>Only what was recorded by then is read. <see cref="Domain.Time.Instants.Never"/>: everything.</summary>
    public required long AsOf { get; init; }

    /// <summary>Opens the store to write: there is one writer at a time.</summary>
    public Task<SqliteStore> OpenToWriteAsync(CancellationToken cancellationToken) =>
        SqliteStore.OpenAsync(new StoreOptions { Path = Database }, Clock, cancellationToken);

    public Task<SqliteStore> OpenToReadAsync(CancellationToken cancellationToken) =>
        SqliteStore.OpenAsync(new StoreOptions { Path = Database, ReadOnly = true }, Clock, cancellationToken);

    /// <summary>Tells a person how far we are, on stderr.</summary>
    public void Say(string line) => Errors.WriteLine(line);

    public void Warn(UserMessage message) => Errors.WriteLine(MessagePrinter.Print(message, Text.Name));

    /// <summary>The answer: one JSON line with <c>--json</c>, else the line for a person.</summary>
    public void Answer(object machine, string person) =>
        Output.WriteLine(Json ? JsonSerializer.Serialize(machine, Lines) : person);
}
