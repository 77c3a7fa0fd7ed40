using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Calls: of layers, of functions, of the class's own methods, and of sub-networks.</summary>
internal sealed partial class Binder
{
    private readonly Stack<IMethodSymbol> running = new();

    private Value Call(IInvocationOperation call)
    {
        Step(call.Syntax);
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.LocalFunction)
            return CallLocal(call);
        if (method.Attribute(Known.Elementwise) is { } elementwise)
            return Apply(call, elementwise.AttributeClass!.TypeArguments[0]);
        if (method.ContainingType.Is(Known.Functions))
            return CallFunction(call);
        if (method.Name == "Add" && IsListOfTensors(method.ContainingType))
            return AddTo(call);
        if (ConstantFunctions.Know(method))
            return Compute(call);
        if (method.ContainingType.Is("System.Linq.Enumerable") && method.Name == "Range")
            return Range(call);
        if (IsExtension(method.ContainingType))
            return CallExtension(call);
        // Its declaration is reported.
        if (method.IsStatic && method.GetAttributes().Any(LayerReader.IsLayer))
            return Broken();
        if (method.IsStatic && HasCode(method))
            return CallMethod(call, frame.Self);
        if (Guards.Know(method))
            return Guard(call);
        if (method.Name is "ToArray" or "ToList" or "AsReadOnly" && Copied(call) is { } copy)
            return copy;
        if (IsUnknown(call.Instance))
            return Ignore(call);
        if (method.IsStatic || !IsOwn(method.ContainingType) && !method.ContainingType.IsNetwork())
            return IsUnwritten(method) || Forgotten.Attribute(method.ContainingType) is not null ? Broken() : NotInForward(call);
        return Evaluate(call.Instance!) switch
        {
            InstanceValue instance => CallOf(call, instance.Instance),
            var unknown when unknown == Value.Unknown => Ignore(call),
            _ => NotInForward(call),
        };
    }

    /// <summary>Reads the arguments of a call of what is not known, for the mistakes in them.</summary>
    private Value Ignore(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
            Evaluate(argument.Value);
        return Value.Unknown;
    }

    /// <summary>Whether a type is the class being read, one around it, or one that it derives from.</summary>
    private bool IsOwn(INamedTypeSymbol owner)
    {
        for (var type = frame.Self?.Type; type is not null; type = type.ContainingType)
        {
            for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
            {
                if (SymbolEqualityComparer.Default.Equals(ancestor.OriginalDefinition, owner.OriginalDefinition))
                    return true;
            }
        }
        return false;
    }

    private Value CallOf(IInvocationOperation call, Instance instance)
    {
        var method = Overriding(call.TargetMethod, instance, call.IsVirtual ? null : call.Instance);
        var type = Class(instance.Type);
        if (type.Layer(method) is { } found)
            return CallLayer(call, instance, found);
        if (method.Name != Known.Forward || SymbolEqualityComparer.Default.Equals(frame.Self?.Type, instance.Type))
            return HasCode(method) ? CallMethod(call, instance, method) : IsUnwritten(method) ? Broken() : NotInForward(call);
        if (type.Forward is null || type.Reports.Count > 0)
            return Broken();
        return CallMethod(call, instance, method);
    }

    /// <summary>
    /// Whether a method's body is in this project, here or in another part of its class. A layer's is written by the generator, and is not
    /// read.
    /// </summary>
    private bool HasCode(IMethodSymbol method) => !method.GetAttributes().Any(LayerReader.IsLayer)
        && sources.Code(method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition) is not null;

    /// <summary>A partial method without a layer attribute, which the compiler asks a body for.</summary>
    private static bool IsUnwritten(IMethodSymbol method) => method.IsPartialDefinition && !method.GetAttributes().Any(LayerReader.IsLayer);

    /// <summary>The value of a mistake that is reported elsewhere; nothing is compiled from it.</summary>
    private Value Broken()
    {
        isBroken = true;
        return Value.Unknown;
    }

    private IEnumerable<Value> Arguments(IInvocationOperation call) =>
        call.Arguments.Select(argument => (argument.Parameter!.Ordinal, Value: Evaluate(argument.Value))).ToList()
            .OrderBy(argument => argument.Ordinal).Select(argument => argument.Value);

    private Value CallMethod(IInvocationOperation call, Instance? self, IMethodSymbol? chosen = null) =>
        Inline(call, (chosen ?? call.TargetMethod).OriginalDefinition, method => (new Frame(method, self), sources.Code(method)));

    private Value CallLocal(IInvocationOperation call)
    {
        var declaring = frame.Declaring(call.TargetMethod.OriginalDefinition);
        return Inline(call, call.TargetMethod.OriginalDefinition,
            method => (new Frame(method, frame.Self, declaring), LocalFunction(call, method)));
    }

    /// <summary>Runs a method's body in the place of its call.</summary>
    private Value Inline(IInvocationOperation call, IMethodSymbol method, Func<IMethodSymbol, (Frame Frame, IOperation? Body)> open)
    {
        method = method.PartialImplementationPart ?? method;
        if (Recurs(method) is { } recursion)
            return Report(Problems.Recursion, call.Syntax, method.Name, recursion);
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out) is { } reference)
            return Report(Problems.NotInForward, reference.Syntax,
                $"an argument passed by {(reference.Parameter!.RefKind == RefKind.Out ? "out" : "ref")}: return a tuple instead");
        if (method.IsAsync)
            return Report(Problems.NotInForward, call.Syntax,
                $"a call of {Describe.Called(method)}, which is async: Forward waits for nothing");
        var (inner, body) = open(method);
        if (body is null)
            return NotInForward(call);
        var arguments = Arguments(call).ToList();
        running.Push(method);
        var result = Run(inner, method, body, arguments);
        running.Pop();
        return result;
    }

    /// <summary>
    /// How a method calls itself without end, in words; null if it does not yet. Constants and shapes may end it, as they end loops, but
    /// not Forward, which has the same at every call.
    /// </summary>
    private string? Recurs(IMethodSymbol method)
    {
        var calls = running.Count(other => SymbolEqualityComparer.Default.Equals(other, method));
        return calls == 0 ? null : method.Name == Known.Forward || method.Parameters.IsEmpty ? "" : calls >= MostCalls
            ? $" over more than {MostCalls} calls, which no constant and no shape ends"
            : null;
    }

    /// <summary>
    /// The member that runs when one is asked for of an instance: what overrides it in the instance's class, unless it is asked for by
    /// base.
    /// </summary>
    private static T Overriding<T>(T member, Instance self, IOperation? receiver) where T : ISymbol
    {
        if (!(member.IsVirtual || member.IsOverride || member.IsAbstract)
            || receiver?.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.BaseExpressionSyntax)
            return member;
        for (var type = self.Type;
            type is not null && !SymbolEqualityComparer.Default.Equals(type, member.ContainingType);
            type = type.BaseType)
        {
            foreach (var candidate in type.GetMembers(member.Name).OfType<T>())
            {
                for (var overridden = Overridden(candidate); overridden is not null; overridden = Overridden(overridden))
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, member.OriginalDefinition))
                        return candidate;
                }
            }
        }
        return member;
    }

    private static ISymbol? Overridden(ISymbol member) =>
        (ISymbol?)(member as IMethodSymbol)?.OverriddenMethod ?? (member as IPropertySymbol)?.OverriddenProperty;

    private static IOperation? LocalFunction(IOperation call, IMethodSymbol method)
    {
        var root = call;
        while (root.Parent is not null)
            root = root.Parent;
        return root.Descendants()
            .OfType<ILocalFunctionOperation>()
            .FirstOrDefault(local => SymbolEqualityComparer.Default.Equals(local.Symbol, method))?.Body;
    }

    private Value Apply(IInvocationOperation call, ITypeSymbol function)
    {
        var arguments = Arguments(call).ToList();
        if (arguments.Count == 0 || arguments.Contains(Value.Unknown))
            return Value.Unknown;
        var constants = arguments.Skip(1).Select(Numbers.Of).ToList();
        if (arguments[0] is not TensorValue x)
            return Report(Problems.NotInForward, call.Syntax, Unfit(call.TargetMethod.Parameters[0]));
        if (constants.IndexOf(null) is >= 0 and var unknown)
            return Report(Problems.NotInForward, call.Syntax, Unfit(call.TargetMethod.Parameters[unknown + 1]));
        CheckNumbers(call, arguments, mayBeInfinite: function.Name == "Clamp" || !call.TargetMethod.ContainingType.Is(Known.Functions));
        if (Unfit(call.TargetMethod, function) is { } unfit)
            return Report(Problems.FunctionUnfit, call.Syntax, call.TargetMethod.Name, unfit);
        if (function.Name == "Clamp" && function.ContainingType.Is(Known.Ops) && constants[0] > constants[1])
            Report(Problems.BoundsCrossed, call.Syntax, Words(call.Syntax), Text(constants[1]!.Value), Text(constants[0]!.Value));
        var type = function.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        var hasSecant = function.AllInterfaces.Any(one => one.Is(Known.Secant));
        var node = new Node(Registry.Elementwise, EquatableArray.Of(x.Node), Settings.None)
        {
            Function = new Function(type, constants.Select(constant => constant!.Value).ToEquatable(), hasSecant)
            {
                Traits = Traits(function),
                Source = string.Join(" ", function.DeclaringSyntaxReferences
                    .SelectMany(declared => declared.GetSyntax().DescendantTokens()).Select(token => token.Text)),
                IsPiecewiseLinear = function.AllInterfaces.Any(one => one.Is(Known.PiecewiseLinear)),
            },
            Text = Words(call.Syntax),
        };
        return Add(node, call.Syntax);
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Why a function cannot be called from the compiled class, or run as it is written; null if it can.</summary>
    private static string? Unfit(IMethodSymbol method, ITypeSymbol function)
    {
        for (var type = function as INamedTypeSymbol; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal || type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal
                or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable))
                return $"stands for {function.Name}, which the class that is compiled cannot see: make {type.Name} internal";
        }
        return method is { IsPartialDefinition: true, PartialImplementationPart: null }
            ? $"has no body, and none is written for it, unlike a layer's: write => {method.Parameters.FirstOrDefault()?.Name ?? "x"}.Map<"
                + $"{function.Name}>() and leave out partial"
            : null;
    }

    private static FunctionTraits Traits(ITypeSymbol function) => (function.Attribute(Known.Traits)?.NamedArguments ?? [])
        .Where(said => said.Value.Value is true)
        .Select(said => Enum.TryParse<FunctionTraits>(said.Key, out var trait) ? trait : FunctionTraits.None)
        .Aggregate(FunctionTraits.None, (all, trait) => all | trait);

    private Value CallFunction(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var arguments = method.Parameters.Zip(Arguments(call), (parameter, value) => (Parameter: parameter, Value: value)).ToList();
        if (method.Name == "Zip")
            return arguments.TrueForAll(argument => argument.Value is TensorValue)
                ? new ZippedValue(arguments.Select(argument => (TensorValue)argument.Value).ToList())
                : Value.Unknown;
        if (Registry.Find(method.Name) is not { } op && method.Name != Registry.Constant.Name
            || Describe.IsOfWeights(method))
            return NotInForward(call);
        if (arguments.FindIndex(argument => argument.Value is ListValue list && list.Items.Contains(Value.Nothing)) is >= 0 and var holed)
            return Report(Problems.NotInForward, call.Syntax,
                $"an array for {arguments[holed].Parameter.Name} of {method.Name} that has an element without a value");
        if (method.Name == "Stack")
            return Stack(call, arguments[0].Value);
        if (arguments.Exists(
            argument => argument.Value == Value.Unknown || argument.Value is ListValue list && list.Items.Contains(Value.Unknown)))
            return Value.Unknown;
        if (arguments.FirstOrDefault(argument => argument.Value is GrownValue).Value is GrownValue { Whole: TensorValue whole })
            return Joined(call, whole,
                arguments.Exists(argument => argument.Parameter.Name == "axis" && Numbers.Of(argument.Value) is not 0));
        if (arguments.Exists(argument => argument.Value is LengthValue))
            return Taken(call, arguments);
        if (arguments.Select(argument => argument.Value).OfType<ListValue>().SelectMany(list => list.Items).OfType<LengthValue>()
            .FirstOrDefault() is { } size)
            return method.Name == "Reshape"
                ? Report(Problems.NotInForward, call.Syntax, $"the size {size.Text}.Shape[0], which varies: Stack(a) gives a an axis of 1 "
                    + "before it, and Transpose(Stack(a), 0, 1) one behind it")
                : Varies(call, $"size {size.Text}.Shape[0]");
        if (arguments.Find(argument => !Fits(argument.Parameter, argument.Value)) is { Parameter: { } unfit })
            return Report(Problems.NotInForward, call.Syntax, Unfit(unfit));
        CheckNumbers(call, arguments.ConvertAll(argument => argument.Value), mayBeInfinite: true);
        if (method.Name == Registry.Constant.Name)
            return Constant(((ListValue)arguments[0].Value).Items, call.Syntax);
        var inputs = new List<int>();
        var settings = new List<Setting>();
        foreach (var (parameter, value) in arguments)
            Sort(parameter.Name,
                Registry.Find(method.Name) is Extremum && value is ConstantValue ? Constant([value], call.Syntax, isScalar: true) : value,
                inputs, settings);
        if (method.Name == "Concat" && !settings.Exists(setting => setting.Name == "axis"))
            settings.Add(new("axis", EquatableArray.Of(0.0)));
        return Add(Registry.Find(method.Name)!, new Settings(settings.ToEquatable()), call.Syntax, [.. inputs]);
    }

    /// <summary>Whether a function's parameter can be given this: null is no tensor, and no list of them or of numbers.</summary>
    private static bool Fits(IParameterSymbol parameter, Value value) =>
        parameter.Type.IsTensor() ? value is TensorValue || parameter.HasExplicitDefaultValue && value == Value.Nothing :
        Item(parameter.Type) is { } item
            ? value is ListValue list && (item.IsTensor()
                ? list.Items.Count > 0 && list.Items.All(one => one is TensorValue)
                : list.Items.All(one => Numbers.Of(one) is not null)) :
        parameter.HasExplicitDefaultValue || Numbers.Of(value) is not null;

    private static string Unfit(IParameterSymbol parameter) =>
        parameter.Type.IsTensor() ? $"something other than a tensor for {parameter.Name}" :
        Item(parameter.Type) is { } item
            ? item.IsTensor()
                ? $"something other than tensors for {parameter.Name}; at least one is needed"
                : $"something other than known numbers for {parameter.Name}" :
        $"something other than a known number for {parameter.Name}";

    /// <summary>What a parameter takes several of; null of a parameter that takes one thing.</summary>
    private static ITypeSymbol? Item(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [var item], OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T } => item,
        _ => null,
    };

    /// <summary>Concat of what a scan has added to a list: its parts one after the other along axis 0.</summary>
    private Value Joined(IInvocationOperation call, TensorValue whole, bool isAlongAnother)
    {
        if (isAlongAnother || call.TargetMethod.Name != "Concat")
            return Report(Problems.NotInForward, call.Syntax,
                $"a {call.TargetMethod.Name} of what a foreach over a tensor adds to a list: Stack makes it a tensor with a new axis 0");
        if (ShapeOf(whole, call) is not ShapeValue { Shape: var shape })
            return Value.Unknown;
        if (shape.Rank < 2)
            return Report(Problems.NotInForward, call.Syntax, "a Concat of scalars: Stack makes them a vector");
        var axes = shape.ToArray().Skip(2).Prepend(shape[0] * shape[1]).Select(axis => (double)axis);
        return Add(Registry.Find("Reshape")!, new Settings(EquatableArray.Of(new Setting("axes", axes.ToEquatable()))), call.Syntax,
            whole.Node);
    }

    /// <summary>Puts an argument where it belongs: tensors are inputs, the rest is settings.</summary>
    private static void Sort(string name, Value value, List<int> inputs, List<Setting> settings)
    {
        if (value is TensorValue tensor)
            inputs.Add(tensor.Node);
        else if (value is ListValue list && list.Items.Any(item => item is TensorValue))
            inputs.AddRange(list.Items.OfType<TensorValue>().Select(item => item.Node));
        else if (value is ListValue numbers)
            settings.Add(new(name, numbers.Items.Select(Numbers.Of).OfType<double>().ToEquatable()));
        else if (Numbers.Of(value) is { } number)
            settings.Add(new(name, EquatableArray.Of(number)));
    }

    private Value CallLayer(IInvocationOperation call, Instance instance, LayerMethod layer)
    {
        if (instance.Fields.Count == 0)
            called.Add(layer.Method);
        var arguments = Arguments(call).ToList();
        if (!layer.IsSound)
            return Broken();
        var settings = new List<Setting>();
        foreach (var argument in layer.Arguments)
        {
            var values = (argument.Items ?? [argument]).Select(item => Setting(item, layer, instance)).ToList();
            if (argument.Items is not null && values.Contains(null))
                return Value.Unknown;
            if (values.TrueForAll(value => value is not null))
                settings.Add(new(argument.Name, values.Select(value => value!.Value).ToEquatable()));
        }
        if (arguments.Contains(Value.Unknown))
            return Value.Unknown;
        if (arguments.Exists(argument => argument is not TensorValue))
            return Report(Problems.NotInForward, call.Syntax, $"something other than a tensor for the layer {layer.Method.Name}");
        var node = new Node(Registry.Find(layer.Kind)!, arguments.Select(argument => ((TensorValue)argument).Node).ToEquatable(),
            new Settings(settings.ToEquatable()))
        {
            Layer = new Layer(instance.Prefix + layer.Method.Name, layer.NamesBelow(instance.Fields)),
            Rule = layer.Rule,
            Text = Words(call.Syntax),
        };
        if (node.Op is Embedding)
            return Embed(node, (layer, instance.Fields), node.Inputs[0], call.Syntax);
        layers[nodes.Count] = (layer, instance.Fields);
        var result = Add(node, call.Syntax);
        if (node.Op.Results == 1 || result is not TensorValue all)
            return result;
        return new TupleValue(Enumerable.Range(0, node.Op.Results)
            .Select(i => Add(Registry.Item, Settings.Of(("index", i), ("of", node.Op.Results)), call.Syntax, all.Node)).ToList());
    }

    private double? Setting(LayerArgument argument, LayerMethod layer, Instance instance)
    {
        if (argument.Holder is null)
            return argument.Value;
        if (Numbers.Of(Member(argument.Holder, instance, layer.Place ?? instance.Creation!) ?? Value.Unknown) is not { } value)
            return null;
        if (value >= argument.Least)
            return value;
        Report(Problems.LayerArgument, instance.Creation ?? layer.Place!, argument.Name, instance.Prefix + layer.Method.Name,
            value.ToString(CultureInfo.InvariantCulture), LayerReader.AtLeast(argument));
        return null;
    }

    /// <summary>A function of numbers that are known.</summary>
    private Value Compute(IInvocationOperation call)
    {
        var arguments = Arguments(call).ToList();
        if (arguments.Contains(Value.Unknown))
            return Value.Unknown;
        var constants = arguments.Select(argument => (argument as ConstantValue)?.Constant).ToArray();
        return !constants.Contains(null) && ConstantFunctions.Compute(call.TargetMethod, constants!) is { } result
            ? new ConstantValue(result)
            : NotInForward(call);
    }

    /// <summary>What ToArray and ToList make of an array or a list: a copy; null of anything else.</summary>
    private Value? Copied(IInvocationOperation call)
    {
        if ((call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is not { } source
            || call.Arguments.Length > (call.Instance is null ? 1 : 0))
            return null;
        var value = Evaluate(source);
        if (value is GrownValue { Whole: not null })
            return value;
        return value is ShapeValue { Shape: var shape }
            ? new ListValue([.. shape.ToArray().Select(axis => new ConstantValue(axis))]) { Scan = scan } :
            Items(value) is { } items ? new ListValue([.. items]) { Scan = scan } : value == Value.Unknown ? value : null;
    }

    private Value Range(IInvocationOperation call) => Arguments(call).ToList() switch
    {
        [ConstantValue { Constant: int start }, ConstantValue { Constant: int count }]
            when count is >= 0 and <= MostSteps && start <= int.MaxValue - count => new ListValue(
                Enumerable.Range(start, count).Select(i => (Value)new ConstantValue(i)).ToList()),
        [ConstantValue, ConstantValue] => TooLarge(call.Syntax),
        _ => Value.Unknown,
    };
}
