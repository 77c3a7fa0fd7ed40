using Whence;
using static Whence.Nn;

namespace Motifs;

/// <summary>
/// The network of DeepLIFT's genomics experiment (arXiv 1704.02685, section 4.2, supplement F): a one-hot sequence of 200 bases to the
/// chances that it holds both motifs, GATA1's, TAL1's.
/// </summary>
[Network(Explain = Methods.All, Backends = Backends.Cpu | Backends.Gpu, Weights = "motifs.safetensors")]
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
