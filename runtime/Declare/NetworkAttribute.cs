namespace Whence;

using Whence.Authoring;

/// <summary>What a network is compiled to answer, besides Predict.</summary>
[Flags]
public enum Methods
{
    /// <summary>Only Predict.</summary>
    None = 0,
    /// <summary>Gradients: saliency, gradient times input, interior gradients, Grad-CAM, neuron gradients.</summary>
    [Gives(typeof(IGradientNetwork))]
    Gradient = 1,
    /// <summary>Integrated gradients (arXiv 1611.02639), conductance, internal influence. Includes Gradient.</summary>
    [Gives(typeof(IIntegratedGradientsNetwork))]
    IntegratedGradients = 2 | Gradient,
    /// <summary>DeepLIFT with the Linear and Rescale rules (arXiv 1704.02685, section 3.5.2).</summary>
    [Gives(typeof(IDeepLiftNetwork))]
    Rescale = 4,
    /// <summary>DeepLIFT with the Linear and RevealCancel rules (arXiv 1704.02685, section 3.5.3).</summary>
    [Gives(typeof(IDeepLiftNetwork))]
    RevealCancel = 8,
    /// <summary>Both DeepLIFT rules.</summary>
    [Gives(typeof(IDeepLiftNetwork))]
    DeepLift = Rescale | RevealCancel,
    /// <summary>DeepLIFT with the authors' genomics preset: Rescale after convolutions, RevealCancel after dense layers.</summary>
    [Gives(typeof(IDeepLiftNetwork))]
    Genomics = 16,
    /// <summary>Guided backprop.</summary>
    [Gives(typeof(IGuidedBackpropNetwork))]
    GuidedBackprop = 32,
    /// <summary>DeconvNet.</summary>
    [Gives(typeof(IDeconvNetwork))]
    DeconvNet = 64,
    /// <summary>The DeepLIFT authors' guided-backprop Rescale.</summary>
    [Gives(typeof(IGuidedBackpropRescaleNetwork))]
    GuidedBackpropRescale = 128,
    /// <summary>Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015).</summary>
    [Gives(typeof(ILrpNetwork))]
    LrpEpsilon = 256,
    /// <summary>Everything.</summary>
    All = IntegratedGradients | DeepLift | Genomics | GuidedBackprop | DeconvNet | GuidedBackpropRescale | LrpEpsilon,
}

/// <summary>What a network is compiled for, besides the CPU.</summary>
[Flags]
public enum Backends
{
    /// <summary>The CPU, for which every network is compiled.</summary>
    Cpu = 1,
    /// <summary>GPUs, by ILGPU: the project must reference the package Whence.Gpu. The network gets a method <c>OnGpu</c>.</summary>
    Gpu = 2,
}

/// <summary>A DeepLIFT rule, for a whole explanation or for the activations directly above one layer.</summary>
public enum Rule
{
    /// <summary>On a layer: whatever the explanation asks for.</summary>
    Inherit,
    /// <summary>Rescale.</summary>
    Rescale,
    /// <summary>RevealCancel.</summary>
    RevealCancel,
    /// <summary>For an explanation only: Rescale after convolutions, RevealCancel after dense layers.</summary>
    Genomics,
}

/// <summary>What DeepLIFT does at a max-pooling window.</summary>
public enum MaxPoolRule
{
    /// <summary>The move is split at max(y, y0), each part to its own winner: complete for any reference.</summary>
    Split,
    /// <summary>The multiplier goes to the winner of the actual input, as in the DeepLIFT authors' code: not complete.</summary>
    Gradient,
}

/// <summary>What DeepLIFT does at a softmax.</summary>
public enum SoftmaxRule
{
    /// <summary>exp(z - logsumexp(z)), each with its stable secant: complete.</summary>
    LogSumExp,
    /// <summary>SHAP's: each unit's own quotient of differences, softmax taken as if elementwise.</summary>
    Elementwise,
}

/// <summary>
/// Marks a partial class as a network: its attributed partial methods are layers, its <c>Forward</c> says what is computed.
/// The generator writes the compiled network and its explanations beside it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>The explanations to compile.</summary>
    public Methods Explain { get; init; }

    /// <summary>
    /// The layers to ask about, by name: a layer method, a local variable of Forward, or "field.Layer" in a sub-network.
    /// A layer listed here keeps its own value: a BatchNorm after it is not folded into it.
    /// </summary>
    public string[] Layers { get; init; } = [];

    /// <summary>What the network is compiled for.</summary>
    public Backends Backends { get; init; } = Backends.Cpu;

    /// <summary>What DeepLIFT does at max-pooling.</summary>
    public MaxPoolRule MaxPool { get; init; }

    /// <summary>What DeepLIFT does at a softmax.</summary>
    public SoftmaxRule Softmax { get; init; }

    /// <summary>
    /// What LRP adds to a layer's value z, with z's sign, before it divides by it: larger ones give weak units less relevance. 0 or more;
    /// with 0 nothing is added, and on ReLU networks LRP is gradient times input.
    /// </summary>
    public double LrpEpsilon { get; init; } = 1e-6;

    /// <summary>
    /// A weights file, as named in <c>&lt;WhenceWeights Include="..."/&gt;</c>, to check this network against when compiled;
    /// if it is left out, the file that is listed for this network (<c>Networks="..."</c>); of those listed for none, the one whose name
    /// without extension is the class's, or the only one. Empty text: this network is not checked.
    /// </summary>
    public string? Weights { get; init; }
}

/// <summary>The shape of an input of Forward, without a batch axis.</summary>
/// <param name="axes">Axis sizes: [features], [channels, length] or [channels, height, width]; with <see cref="Variable"/>, [positions,
/// ...].</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ShapeAttribute(params int[] axes) : Attribute
{
    /// <summary>Axis sizes.</summary>
    public int[] Axes { get; } = axes;

    /// <summary>
    /// Whether an example may have fewer positions along axis 0 than the shape says: those past its length count for nothing.
    /// </summary>
    public bool Variable { get; init; }
}
