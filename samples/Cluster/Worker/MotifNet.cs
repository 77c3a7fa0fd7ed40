using Whence;
using static Whence.Nn;

namespace Cluster;

/// <summary>
/// The network of samples/Motifs, for processors alone: a one-hot sequence of 200 bases to the chances that it holds the motifs of both
/// GATA1 and TAL1, GATA1's, TAL1's.
/// </summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.Genomics, Weights = "motifs.safetensors")]
public sealed partial class MotifNet
{
    [Conv1d(50, kernel: 11)] private partial Tensor Conv1(Tensor x);
    [Conv1d(50, kernel: 11)] private partial Tensor Conv2(Tensor x);
    [Linear(50)] private partial Tensor Fc1(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(4, 200)] Tensor sequence)
    {
        var found = GlobalAvgPool(Relu(Conv2(Relu(Conv1(sequence)))));
        return Sigmoid(Fc2(Dropout(Relu(Fc1(found)), 0.5)));
    }
}
