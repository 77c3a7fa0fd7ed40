using Whence;
using static Whence.Nn;

namespace Digits;

/// <summary>
/// The MNIST network of the DeepLIFT paper (arXiv 1704.02685, supplement D), trained on pixels from 0 to 1; see README.md.
/// </summary>
[Network(Explain = Methods.All, Layers = ["Conv2"], Weights = "digits.safetensors", Backends = Backends.Cpu | Backends.Gpu)]
public sealed partial class DigitNet
{
    [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor image)
    {
        var edges = Relu(Conv2(Relu(Conv1(image))));
        var active = Relu(Fc1(Flatten(edges)));
        return Fc2(active);
    }
}
