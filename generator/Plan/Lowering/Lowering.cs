using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>
/// How a core operator is carried out: how what it reads and makes lies in memory, when it is computed, and by which steps. One stateless
/// instance for each operator, in <see cref="Lowerings"/>.
/// </summary>
internal abstract class Lowering
{
    /// <summary>How values of several axes lie, those that it reads and the one that it makes.</summary>
    public virtual Order OrderOf(Node node) => Order.Free;

    /// <summary>Whether a value of one axis that it reads or makes may lie as a flattened image does.</summary>
    public virtual bool TakesFlattened(Node node) => OrderOf(node) == Order.Alike;

    /// <summary>The sequences that it reads or makes a step at a time, whose steps lie best one after the other.</summary>
    public virtual IEnumerable<int> Sequences(int id, Node node) => [];

    /// <summary>How often it is computed, whatever its inputs; null for as often as the most frequent of them.</summary>
    public virtual Rate? RateIn(Schedule schedule) => null;

    /// <summary>Whether a function of its value rides on its kernel's last write.</summary>
    public virtual bool TakesFunction => false;

    /// <summary>Writes its steps.</summary>
    public virtual void Write(StepWriter to, int id) =>
        throw new InvalidOperationException($"{to.Nodes[id].Op.Name} has no step of its own.");
}

/// <summary>How values of several axes lie beside an operator.</summary>
internal enum Order
{
    /// <summary>Each as others want it.</summary>
    Free,

    /// <summary>As the user sees them.</summary>
    Natural,

    /// <summary>Channels last.</summary>
    ChannelsLast,

    /// <summary>In any order, best in the one that is there: what moves or sums elements can do so in each.</summary>
    Followed,

    /// <summary>All alike: elements at one place go together.</summary>
    Alike,
}
