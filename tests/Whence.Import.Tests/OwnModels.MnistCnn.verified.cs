using Whence;
using static Whence.Nn;

/// <summary>Imported from an ONNX model (pytorch, opset 13): [1, 28, 28] to [10].</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale)]
public sealed partial class MnistCnn
{
    [Conv2d(32, kernel: 4, Stride = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(64, kernel: 4, Stride = 2)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 28, 28)] Tensor input) =>
        Fc2(Relu(Fc1(Flatten(Relu(Conv2(Relu(Conv1(input))))))));
}
