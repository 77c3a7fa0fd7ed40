using Microsoft.ML.OnnxRuntime;

namespace Whence.Benchmarks;

/// <summary>ONNX Runtime in this process: one network, and a batch whose outputs it computes in chunks.</summary>
internal sealed class OnnxPeer : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly List<(OrtValue[] Input, OrtValue[] Output)> chunks = [];

    public OnnxPeer(byte[] model, OnnxValue output, float[] inputs, int inputSize, int chunk, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        session = new(model, options);
        (inputNames, outputNames) = (["x"], [output.Name]);
        var rows = inputs.Length / inputSize;
        Outputs = new float[rows * output.Size];
        for (var first = 0; first < rows; first += chunk)
        {
            var some = Math.Min(chunk, rows - first);
            chunks.Add(([Value(inputs.AsMemory(first * inputSize, some * inputSize), some, session.InputMetadata["x"].Dimensions)],
                [Value(Outputs.AsMemory(first * output.Size, some * output.Size), some, [0, .. output.Shape])]));
        }
    }

    /// <summary>What <see cref="Run"/> computed.</summary>
    public float[] Outputs { get; }

    public static string Version => OrtEnv.Instance().GetVersionString();

    public void Run()
    {
        foreach (var (input, output) in chunks)
            session.Run(run, inputNames, input, outputNames, output);
    }

    /// <summary>Gives back the session and its values.</summary>
    public void Dispose()
    {
        foreach (var value in chunks.SelectMany(chunk => chunk.Input.Concat(chunk.Output)))
            value.Dispose();
        run.Dispose();
        session.Dispose();
    }

    private static OrtValue Value(Memory<float> memory, int rows, int[] shape) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, [rows, .. shape.Skip(1).Select(axis => (long)axis)]);
}
