package io.helenus.cql;

import io.helenus.cql.ast.AuthStatement;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Truncate;
import io.helenus.cql.ast.Use;
import io.helenus.cql.grammar.CqlGrammar;
import org.antlr.v4.runtime.tree.ParseTree;

/// Context of a statement → its tree, by the builder that knows it.
final class StatementBuilder {
    private final TermBuilder terms;
    private final DataBuilder data;
    private final SchemaBuilder schema;
    private final AuthBuilder auth;

    StatementBuilder(TermBuilder terms) {
        this.terms = terms;
        this.data = new DataBuilder(terms);
        this.schema = new SchemaBuilder(terms, data);
        this.auth = new AuthBuilder(terms, schema);
    }

    CqlStatement build(CqlGrammar.StatementContext context) {
        ParseTree statement = context.getChild(0);
        return switch (statement) {
            case CqlGrammar.ModificationContext modification -> data.modification(modification);
            case CqlGrammar.SelectContext select -> data.select(select);
            case CqlGrammar.BatchContext batch -> data.batch(batch);
            case CqlGrammar.UseContext use -> new Use(terms.identifier(use.identifier()));
            case CqlGrammar.TruncateContext truncate ->
                    new Truncate(terms.tableName(truncate.tableName()));
            case CqlGrammar.DescribeContext describe -> data.describe(describe);
            case CqlGrammar.CreateKeyspaceContext create -> schema.createKeyspace(create);
            case CqlGrammar.AlterKeyspaceContext alter -> schema.alterKeyspace(alter);
            case CqlGrammar.DropKeyspaceContext drop -> schema.dropKeyspace(drop);
            case CqlGrammar.CreateTableContext create -> schema.createTable(create);
            case CqlGrammar.AlterTableContext alter -> schema.alterTable(alter);
            case CqlGrammar.DropTableContext drop -> schema.dropTable(drop);
            case CqlGrammar.CreateIndexContext create -> schema.createIndex(create);
            case CqlGrammar.DropIndexContext drop -> schema.dropIndex(drop);
            case CqlGrammar.CreateTypeContext create -> schema.createType(create);
            case CqlGrammar.AlterTypeContext alter -> schema.alterType(alter);
            case CqlGrammar.DropTypeContext drop -> schema.dropType(drop);
            case CqlGrammar.CreateFunctionContext create -> schema.createFunction(create);
            case CqlGrammar.DropFunctionContext drop -> schema.dropFunction(drop);
            case CqlGrammar.CreateAggregateContext create -> schema.createAggregate(create);
            case CqlGrammar.DropAggregateContext drop -> schema.dropAggregate(drop);
            case CqlGrammar.CreateViewContext create -> schema.createView(create);
            case CqlGrammar.AlterViewContext alter -> schema.alterView(alter);
            case CqlGrammar.DropViewContext drop -> schema.dropView(drop);
            case CqlGrammar.CreateTriggerContext create -> schema.createTrigger(create);
            case CqlGrammar.DropTriggerContext drop -> schema.dropTrigger(drop);
            case CqlGrammar.CreateRoleContext create -> auth.createRole(create);
            case CqlGrammar.AlterRoleContext alter -> auth.alterRole(alter);
            case CqlGrammar.DropRoleContext drop -> auth.dropRole(drop);
            case CqlGrammar.CreateUserContext create -> auth.createUser(create);
            case CqlGrammar.AlterUserContext alter -> auth.alterUser(alter);
            case CqlGrammar.DropUserContext drop -> auth.dropUser(drop);
            case CqlGrammar.ListRolesContext list -> auth.listRoles(list);
            case CqlGrammar.ListUsersContext _ -> new AuthStatement.ListUsers();
            case CqlGrammar.ListPermissionsContext list -> auth.listPermissions(list);
            case CqlGrammar.GrantPermissionsContext grant -> auth.grantPermissions(grant);
            case CqlGrammar.RevokePermissionsContext revoke -> auth.revokePermissions(revoke);
            case CqlGrammar.GrantRoleContext grant -> auth.grantRole(grant);
            case CqlGrammar.RevokeRoleContext revoke -> auth.revokeRole(revoke);
            case CqlGrammar.AddIdentityContext add -> auth.addIdentity(add);
            case CqlGrammar.DropIdentityContext drop -> auth.dropIdentity(drop);
            default -> throw new AssertionError(statement.getClass());
        };
    }
}
