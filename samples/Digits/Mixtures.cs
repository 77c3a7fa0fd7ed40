using Whence;
using static Whence.Nn;

namespace Digits;

// DigitNet with one layer's rule fixed: asked for RevealCancel, the layer named keeps Rescale (DeepLIFT, arXiv 1704.02685, supplement E).

/// <summary><see cref="DigitNet"/> with Rescale on the first convolution.</summary>
[Network(Explain = Methods.RevealCancel, Weights = "digits.safetensors")]
public sealed partial class RescaleOnConv1
{
    [Conv2d(32, kernel: 4, Stride = 2, Rule = Rule.Rescale)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor image) => Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
}

/// <summary><see cref="DigitNet"/> with Rescale on the second convolution.</summary>
[Network(Explain = Methods.RevealCancel, Weights = "digits.safetensors")]
public sealed partial class RescaleOnConv2
{
    [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2, Rule = Rule.Rescale)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor image) => Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
}

/// <summary><see cref="DigitNet"/> with Rescale on the hidden dense layer.</summary>
[Network(Explain = Methods.RevealCancel, Weights = "digits.safetensors")]
public sealed partial class RescaleOnFc1
{
    [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
    [Linear(128, Rule = Rule.Rescale)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor image) => Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(image))))))));
}
