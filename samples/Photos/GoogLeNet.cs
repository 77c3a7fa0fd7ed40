using Whence;
using static Whence.Nn;

namespace Photos;

/// <summary>
/// GoogLeNet (Szegedy et al., arXiv 1409.4842, table 1) with Caffe's constants of local response normalisation and without its auxiliary
/// classifiers. It takes red, green and blue pixels from 0 to 255 and subtracts 117 itself, so that a path from black scales pixels.
/// </summary>
[Network(Explain = Methods.IntegratedGradients)]
public sealed partial class GoogLeNet
{
    private readonly Trunk trunk = new(3);

    [Conv2d(64, kernel: 7, Stride = 2, Pad = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 1)] private partial Tensor Reduce2(Tensor x);
    [Conv2d(192, kernel: 3, Pad = 1)] private partial Tensor Conv2(Tensor x);

    public Tensor Forward([Shape(3, 224, 224)] Tensor image)
    {
        var edges = LocalResponseNorm(Halve(Relu(Conv1(image - 117))), 5);
        var corners = Halve(LocalResponseNorm(Relu(Conv2(Relu(Reduce2(edges)))), 5));
        return Softmax(trunk.Forward(corners));
    }

    private static Tensor Halve(Tensor x) => MaxPool2d(x, window: 3, stride: 2, ceil: true);
}

/// <summary>
/// What torchvision calls googlenet: no local response normalisation, a smaller window below block 5a, and pixels brought to between -1 and
/// 1. Its BatchNorms and its 3 x 3 filters where the paper has 5 x 5 are in the weights that training/convert.py writes.
/// </summary>
[Network(Explain = Methods.IntegratedGradients)]
public sealed partial class TorchvisionGoogLeNet
{
    private readonly Trunk trunk = new(2);

    [Conv2d(64, kernel: 7, Stride = 2, Pad = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 1)] private partial Tensor Reduce2(Tensor x);
    [Conv2d(192, kernel: 3, Pad = 1)] private partial Tensor Conv2(Tensor x);

    public Tensor Forward([Shape(3, 224, 224)] Tensor image)
    {
        var edges = Halve(Relu(Conv1(image / 127.5 - 1)));
        var corners = Halve(Relu(Conv2(Relu(Reduce2(edges)))));
        return Softmax(trunk.Forward(corners));
    }

    private static Tensor Halve(Tensor x) => MaxPool2d(x, window: 3, stride: 2, ceil: true);
}

/// <summary>Nine inception blocks and the classifier.</summary>
/// <param name="lastWindow">The size of the pooling window below block 5a.</param>
[Network]
public sealed partial class Trunk(int lastWindow)
{
    private readonly Inception block3a = new(64, 96, 128, 16, 32, 32);
    private readonly Inception block3b = new(128, 128, 192, 32, 96, 64);
    private readonly Inception block4a = new(192, 96, 208, 16, 48, 64);
    private readonly Inception block4b = new(160, 112, 224, 24, 64, 64);
    private readonly Inception block4c = new(128, 128, 256, 24, 64, 64);
    private readonly Inception block4d = new(112, 144, 288, 32, 64, 64);
    private readonly Inception block4e = new(256, 160, 320, 32, 128, 128);
    private readonly Inception block5a = new(256, 160, 320, 32, 128, 128);
    private readonly Inception block5b = new(384, 192, 384, 48, 128, 128);

    [Linear(1000)] private partial Tensor Classes(Tensor x);

    public Tensor Forward(Tensor x)
    {
        x = block3b.Forward(block3a.Forward(x));
        x = block4a.Forward(MaxPool2d(x, window: 3, stride: 2, ceil: true));
        x = block4e.Forward(block4d.Forward(block4c.Forward(block4b.Forward(x))));
        x = block5b.Forward(block5a.Forward(MaxPool2d(x, window: lastWindow, stride: 2, ceil: true)));
        return Classes(Dropout(GlobalAvgPool(x), 0.4));
    }
}
