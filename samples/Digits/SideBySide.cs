using Whence;
using Whence.Pictures;

namespace Digits;

/// <summary>Every method that the network was compiled for, side by side.</summary>
internal static class SideBySide
{
    public const int Count = 10;

    /// <summary>Explains one target; each answer is computed when it is asked for.</summary>
    /// <param name="net">The network, on the CPU or on a device.</param>
    /// <param name="pixels">The digit.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="steps">Of integrated gradients.</param>
    public static IEnumerable<Explained> All<TNet>(TNet net, float[] pixels, Target target, int steps)
        where TNet : IIntegratedGradientsNetwork, IDeepLiftNetwork, IGuidedBackpropNetwork, IDeconvNetwork, IGuidedBackpropRescaleNetwork
    {
        yield return Explained.Of(net.Gradient(pixels, target));
        yield return Explained.Of(net.GradientTimesInput(pixels, target));
        yield return Explained.Of(net.IntegratedGradients(pixels, target, options: new PathOptions { Steps = steps }));
        yield return Explained.Of(
            net.IntegratedGradients(pixels, target, options: new PathOptions { Quadrature = Quadrature.GaussLegendre, Steps = steps }));
        yield return Explained.Of(net.DeepLift(pixels, target, Rule.Rescale));
        yield return Explained.Of(net.DeepLift(pixels, target, Rule.RevealCancel));
        yield return Explained.Of(net.GuidedBackprop(pixels, target));
        yield return Explained.Of(net.DeconvNet(pixels, target));
        yield return Explained.Of(net.GuidedBackpropRescale(pixels, target));
        // Signed: on this network Grad-CAM's rectified map is often empty.
        yield return Explained.Of(net.GradCam("Conv2", pixels, target)) with { Detail = "Conv2, signed" };
    }
}
