namespace Headroom.Service.Commands;

/// <summary>The language of a run, known before the arguments are parsed, since the help is in it too.</summary>
internal static class LanguageChoice
{
    /// <summary><c>--lang</c>, else the locale of the environment, else English.</summary>
    public static string Of(string[] args)
    {
        var at = Array.FindIndex(args, argument => argument == "--lang" || argument.StartsWith("--lang=", StringComparison.Ordinal));
        var asked = at < 0 ? null
            : args[at].Contains('=', StringComparison.Ordinal) ? args[at][(args[at].IndexOf('=', StringComparison.Ordinal) + 1)..]
            : args.ElementAtOrDefault(at + 1);
        var locale = asked
            ?? Environment.GetEnvironmentVariable("LC_ALL")
            ?? Environment.GetEnvironmentVariable("LC_MESSAGES")
            ?? Environment.GetEnvironmentVariable("LANG");
        return locale?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true ? "zh-CN" : "en";
    }
}
