using Whence;
using static Whence.Nn;

/// <summary>Imported from an ONNX model (pytorch, opset 13): [4, 200] to [3].</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.Rescale)]
public sealed partial class GenomicsCnn
{
    [Conv1d(50, kernel: 11)] private partial Tensor Conv1(Tensor x);
    [Conv1d(50, kernel: 11)] private partial Tensor Conv2(Tensor x);
    [Linear(50)] private partial Tensor Fc1(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(4, 200)] Tensor input) =>
        Fc2(Relu(Fc1(Mean(Relu(Conv2(Relu(Conv1(input)))), 1))));
}
