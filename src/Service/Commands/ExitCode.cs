namespace Headroom.Service.Commands;

/// <summary>What a run ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>The question has no honest answer: not identifiable.</summary>
    public const int Refused = 3;

    /// <summary>Stopped by a signal, as shells count it.</summary>
    public const int Interrupted = 130;
}
