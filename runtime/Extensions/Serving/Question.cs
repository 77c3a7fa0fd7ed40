using Microsoft.Extensions.Options;

namespace Whence.Extensions;

/// <summary>How rows are explained, found once: the method, its references, their forward pass if the method is DeepLIFT.</summary>
internal sealed class Question<TNet> where TNet : class, INetwork
{
    private readonly TNet net;
    private readonly PathOptions options;
    private readonly ExplanationMethod<TNet>? by;
    private readonly float[]? reference;
    private readonly int references;
    private readonly PreparedReferences<float>? prepared;

    /// <exception cref="OptionsValidationException">The options are not right for the network.</exception>
    public Question(TNet net, NetworkOptions<TNet> options)
    {
        (this.net, this.options, reference) = (net, options.Explain, options.Reference);
        references = Math.Max(1, (reference?.Length ?? 0) / InputSize);
        by = options.ExplainBy ?? Named(options.Method);
        Method = options.ExplainBy is not null ? "a method of its own" : options.Method.ToString();
        var wrong = WrongMethod(options) ?? WrongReference();
        if (wrong is not null)
            throw new OptionsValidationException(Options.DefaultName, typeof(NetworkOptions<TNet>), [wrong]);
        if (options.ExplainBy is null && RuleOf(options.Method) is { } rule && reference is not null)
            prepared = SpanExplainers.Prepare<float>(net, reference, rule, references);
    }

    /// <summary>The method in words; "None" if there is none.</summary>
    public string Method { get; }

    public int InputSize => net.Signature.InputSize;

    /// <exception cref="InvalidOperationException">There is no method.</exception>
    public void RequireMethod()
    {
        if (by is null)
            throw new InvalidOperationException($"The options of {net.Signature.Name} name no method to explain by: set Method or "
                + "ExplainBy.");
    }

    public Attributions Ask(ReadOnlySpan<float> x, int count, Targets targets, CancellationToken cancellation)
    {
        RequireMethod();
        var against = prepared is not null ? prepared
            : reference is not null ? References.Several(reference, references) : References<float>.Zero;
        return by!(net, x, count, targets, against, cancellation.CanBeCanceled ? options with { Cancellation = cancellation } : options);
    }

    private static Rule? RuleOf(Methods method) => method switch
    {
        Methods.Rescale => Rule.Rescale,
        Methods.RevealCancel => Rule.RevealCancel,
        Methods.Genomics => Rule.Genomics,
        _ => null,
    };

    // The methods' doors are methods of networks compiled for them, which the options checked.
    private static ExplanationMethod<TNet>? Named(Methods method) => method switch
    {
        Methods.None => null,
        Methods.Gradient => (net, x, count, targets, _, options) => net.Explain(new Gradient(), x, count, targets, default, options),
        Methods.IntegratedGradients => (net, x, count, targets, references, options) =>
            net.Explain(new IntegratedGradients(new(options)), x, count, targets, references, options),
        _ when RuleOf(method) is { } rule => (net, x, count, targets, references, options) =>
            net.Explain(new DeepLift(rule, references.Prepared?.Pass), x, count, targets, references, options),
        _ => null,
    };

    private string? WrongMethod(NetworkOptions<TNet> given)
    {
        if (given.ExplainBy is not null || given.Method == Methods.None)
            return null;
        var pass = given.Method switch
        {
            Methods.Rescale => Pass.Rescale,
            Methods.RevealCancel => Pass.RevealCancel,
            Methods.Genomics => Pass.Genomics,
            _ => Pass.Gradient,
        };
        var isCompiled = given.Method == Methods.IntegratedGradients
            ? net is IIntegratedGradientsNetwork
            : net.Signature.Passes.Contains(pass);
        return isCompiled ? null
            : $"Method is {given.Method}, for which {net.Signature.Name} was not compiled; add it to [Network(Explain = ...)].";
    }

    private string? WrongReference()
    {
        if (reference is null)
            return null;
        if (reference.Length == 0 || reference.Length % InputSize != 0)
            return $"Reference must hold one row of {InputSize} elements or several, as {net.Signature.Name} takes, but holds "
                + $"{reference.Length}.";
        return Rows.FirstNonFinite<float>(reference) is var at and >= 0
            ? $"Reference must be finite, but element {at % InputSize} of row {at / InputSize} is {reference[at]}."
            : null;
    }
}
