using static Whence.Nn;

namespace Whence.Benchmarks;

/// <summary>Two convolutions beside a skip (He et al., arXiv 1512.03385, figure 2).</summary>
[Network]
public sealed partial class BasicBlock(int channels)
{
    [Conv2d(nameof(channels), kernel: 3, Pad = 1, Bias = false)] private partial Tensor Conv1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Conv2d(nameof(channels), kernel: 3, Pad = 1, Bias = false)] private partial Tensor Conv2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);

    public Tensor Forward(Tensor x) => Relu(Bn2(Conv2(Relu(Bn1(Conv1(x))))) + x);
}

/// <summary>The same where the image becomes half as high and wide, and the skip a convolution.</summary>
[Network]
public sealed partial class HalvingBlock(int channels)
{
    [Conv2d(nameof(channels), kernel: 3, Stride = 2, Pad = 1, Bias = false)] private partial Tensor Conv1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Conv2d(nameof(channels), kernel: 3, Pad = 1, Bias = false)] private partial Tensor Conv2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);
    [Conv2d(nameof(channels), kernel: 1, Stride = 2, Bias = false)] private partial Tensor Skip(Tensor x);
    [BatchNorm] private partial Tensor SkipBn(Tensor x);

    public Tensor Forward(Tensor x) => Relu(Bn2(Conv2(Relu(Bn1(Conv1(x))))) + SkipBn(Skip(x)));
}

/// <summary>ResNet-18: 20 convolutions, each followed by a BatchNorm.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
public sealed partial class ResNet18
{
    private readonly BasicBlock block1a = new(64);
    private readonly BasicBlock block1b = new(64);
    private readonly HalvingBlock block2a = new(128);
    private readonly BasicBlock block2b = new(128);
    private readonly HalvingBlock block3a = new(256);
    private readonly BasicBlock block3b = new(256);
    private readonly HalvingBlock block4a = new(512);
    private readonly BasicBlock block4b = new(512);

    [Conv2d(64, kernel: 7, Stride = 2, Pad = 3, Bias = false)] private partial Tensor Conv1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Linear(1000)] private partial Tensor Classes(Tensor x);

    public Tensor Forward([Shape(3, 224, 224)] Tensor image)
    {
        var x = MaxPool2d(Relu(Bn1(Conv1(image))), window: 3, stride: 2, pad: 1);
        x = block2b.Forward(block2a.Forward(block1b.Forward(block1a.Forward(x))));
        x = block4b.Forward(block4a.Forward(block3b.Forward(block3a.Forward(x))));
        return Classes(GlobalAvgPool(x));
    }
}
