using System.CommandLine;
using System.Globalization;

namespace Headroom.Service.Commands;

/// <summary>Whole numbers on the command line: a word and a number out of range get the same answer, in the user's language.</summary>
internal static class WholeNumbers
{
    /// <param name="error">What to say of anything that is not from <paramref name="least"/> to <paramref name="most"/>.</param>
    public static void MustLieWithin(this Option<int> option, int least, int most, string error)
    {
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(error);
            return 0;
        };
    }
}
