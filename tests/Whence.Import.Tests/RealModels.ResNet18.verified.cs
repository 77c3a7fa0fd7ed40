using Whence;
using static Whence.Nn;

/// <summary>Imported from an ONNX model (CNTK, opset 8): [3, 224, 224] to [512, 1, 1].</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale)]
public sealed partial class ResNet18
{
    private readonly Block block1 = new(64);
    private readonly Block block2 = new(64);
    private readonly DownBlock downBlock1 = new(128);
    private readonly Block block3 = new(128);
    private readonly DownBlock downBlock2 = new(256);
    private readonly Block block4 = new(256);
    private readonly DownBlock downBlock3 = new(512);
    private readonly Block block5 = new(512);
    private readonly Block block6 = new(512);

    [Conv2d(64, kernel: 7, Stride = 2, Pad = 3, PadEnd = 2, Bias = false)] private partial Tensor Conv1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);

    public Tensor Forward([Shape(3, 224, 224)] Tensor input)
    {
        var x = block1.Forward(MaxPool2d(Relu(Bn1(Conv1(input))), 3, stride: 2, pad: 1, padEnd: 0));
        x = block2.Forward(x);
        x = downBlock1.Forward(x);
        x = block3.Forward(x);
        x = downBlock2.Forward(x);
        x = block4.Forward(x);
        x = downBlock3.Forward(x);
        x = block5.Forward(x);
        return AvgPool2d(block6.Forward(x), 7, stride: 1);
    }
}

[Network]
public sealed partial class Block(int filters)
{
    [Conv2d(nameof(filters), kernel: 3, Pad = 1, Bias = false)] private partial Tensor Conv1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Conv2d(nameof(filters), kernel: 3, Pad = 1, Bias = false)] private partial Tensor Conv2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);

    public Tensor Forward(Tensor x) =>
        Relu(Bn2(Conv2(Relu(Bn1(Conv1(x))))) + x);
}

[Network]
public sealed partial class DownBlock(int filters)
{
    [Conv2d(nameof(filters), kernel: 3, Stride = 2, Pad = 1, PadEnd = 0, Bias = false)] private partial Tensor Conv1(Tensor x);
    [BatchNorm] private partial Tensor Bn1(Tensor x);
    [Conv2d(nameof(filters), kernel: 3, Pad = 1, Bias = false)] private partial Tensor Conv2(Tensor x);
    [BatchNorm] private partial Tensor Bn2(Tensor x);
    [Conv2d(nameof(filters), kernel: 1, Stride = 2, Bias = false)] private partial Tensor Conv3(Tensor x);
    [BatchNorm] private partial Tensor Bn3(Tensor x);

    public Tensor Forward(Tensor x) =>
        Relu(Bn2(Conv2(Relu(Bn1(Conv1(x))))) + Bn3(Conv3(x)));
}
