namespace Whence.Benchmarks;

/// <summary>The questions that are measured, put to one network about one batch, with the buffers of their answers.</summary>
public sealed class Questions
{
    private readonly Subject subject;
    private readonly int batch;
    private readonly float[] inputs;
    private readonly float[] outputs;
    private readonly float[] scores;
    private readonly Completeness[] sums;
    private readonly PreparedReferences<float> prepared;

    public Questions(Subject subject, int batch)
    {
        this.subject = subject;
        this.batch = batch;
        inputs = subject.Inputs(batch);
        outputs = new float[batch * subject.Net.Signature.OutputSize];
        scores = new float[inputs.Length];
        sums = new Completeness[batch];
        prepared = SpanExplainers.Prepare(subject.Net, new float[subject.Net.Signature.InputSize], Rule.Rescale);
    }

    /// <summary>What the peers' scripts measure too, by their names for it.</summary>
    public IEnumerable<(string Method, Action Ask)> Shared =>
        [("forward", Forward), ("gradient", Gradient), ("ig50", IntegratedGradients), ("rescale", Rescale), ("revealcancel", RevealCancel)];

    public void Forward() => SpanExplainers.Predict(subject.Net, inputs, outputs, batch);

    public void Gradient() => SpanExplainers.Gradient(subject.Net, inputs, batch, Target.Unit(0), new() { Scores = scores, Sums = sums });

    public void IntegratedGradients() =>
        SpanExplainers.IntegratedGradients(subject.Net, inputs, batch, Target.Unit(0), default, new() { Scores = scores, Sums = sums });

    public void Rescale() => DeepLift(Rule.Rescale, default);

    public void RevealCancel() => DeepLift(Rule.RevealCancel, default);

    /// <summary>Rescale whose reference went through the network before.</summary>
    public void RescalePrepared() => DeepLift(Rule.Rescale, prepared);

    private void DeepLift(Rule rule, References<float> references) =>
        SpanExplainers.DeepLift(subject.Net, inputs, batch, Target.Unit(0), rule, references, new() { Scores = scores, Sums = sums });
}
