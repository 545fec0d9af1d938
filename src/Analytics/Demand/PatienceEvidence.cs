namespace Headroom.Analytics.Demand;

/// <summary>What some part of a log says of one value of <see cref="Patience"/>'s growth.</summary>
/// <param name="LogLikelihood">Up to a constant that is the same for all values.</param>
/// <param name="Score">Its derivative.</param>
/// <param name="Information">Variance of the score, were all it is summed over independent.</param>
/// <param name="Clustered">Variance of the score, where what belongs to one tenant goes together.</param>
internal readonly record struct PatienceEvidence(double LogLikelihood, double Score, double Information, double Clustered)
{
    private const double Least = 1e-9;

    /// <summary>Standard errors by which the log asks for a larger value.</summary>
    public double Pull => Score / Math.Sqrt(Math.Max(Least, Information));

    /// <summary>How many times too sure the likelihood is of itself: what goes together was counted one by one. 1 or more.</summary>
    public double Overdispersion => Math.Max(1, Clustered / Math.Max(Least, Information));
}
