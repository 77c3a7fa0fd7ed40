using Whence;

namespace Live;

/// <summary>
/// The gradient at one point of the way, times the whole way from zeros: integrated gradients are the mean of these over all points.
/// </summary>
internal static class Interior
{
    /// <summary>Interior gradients at one alpha (arXiv 1611.02639, section 2), times the input.</summary>
    /// <param name="net">The network.</param>
    /// <param name="x">What was given, where alpha is 1.</param>
    /// <param name="alpha">Where.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="change">The target's change from zeros to the point.</param>
    /// <param name="group">How many elements of the input one score is the sum of: the width of a word's embedding.</param>
    public static Told At(IIntegratedGradientsNetwork net, float[] x, double alpha, Target target, double change, int group = 1)
    {
        var slopes = net.InteriorGradients(x, target, [alpha])[0].Scores;
        var sums = new double[x.Length / group];
        for (var i = 0; i < x.Length; i++)
            sums[i / group] += (double)slopes[i] * x[i];
        var sum = sums.Sum();
        return new Told("Interior gradient at α", Array.ConvertAll(sums, one => (float)one), sum, change, change - sum, IsPromised: false);
    }
}
